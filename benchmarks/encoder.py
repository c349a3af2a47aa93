"""What lies between people's questions and the sentences that answer them: trains the bundled model's last layers (``make train``).

Of a batch, each question is to be nearest to its own sentence (softmax over the batch's sentences, as in InfoNCE; van den Oord et al.,
2018, https://arxiv.org/abs/1807.03748). Beside it stand the sentences before and behind in ``data/pairs.txt``, where sentences that are
easily confused follow each other. For half of the sentences a piece of their own words asks, too, so that words keep counting.
The layers below are left as they are: what they give is computed once. Wants torch, which the extra ``models`` brings.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.tables import Column, Say, Table
from retrieval.embedding import learned_layers, model_building
from retrieval.embedding.embedder import Embedder, open_embedder
from retrieval.embedding.model_folder import read_model_folder
from retrieval.embedding.model_vocabulary import kept_pieces, make_tokenizer
from retrieval.embedding.onnx_engine import OnnxEmbedder
from retrieval.embedding.weight_file import WeightFile
from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.reading.loading import read_file
from retrieval.report.understood import Understood

if TYPE_CHECKING:
    from torch import Tensor

LAYERS = 4  # that are trained
_PAIRS = Path(__file__).parent / "data" / "pairs.txt"
_ASKED = Path(__file__).parent / "data" / "asked"
_FIRST = (1, 3, 10)
_EPOCHS, _PLANNED = 2, 4  # the rate falls as if there were so many: stopped early
_BATCH, _RATE, _WARM, _LAST, _TEMPERATURE, _DECAY = 96, 8e-5, 20, 0.05, 0.04, 0.01
_PIECES, _PIECE = 0.5, (5, 12)  # of the sentences a piece asks; its length
_ASKED_WITH = ("", "是多少", "情况", "怎么样", "有哪些", "多少", "目标是多少")
_BESIDE = (-2, -1, 1, 2)  # places in the file
_SYLLABLES, _KINDS = "麓禾岚澜栖苍漪渚昶青云溪桥松柏安临泉白", "镇县区市省"
_AT_ONCE = 64

Ids: TypeAlias = list[int]


@dataclass(frozen=True)
class Pairs:
    """Sentences and questions as tokens, and which sentence answers each question."""

    sentences: list[Ids]
    questions: list[Ids]
    answers: NDArray[np.int64]


def train() -> None:
    """Writes ``embedding/learned_layers.npz``."""
    with WeightFile(model_building.installed_source().path) as file:
        kept = kept_pieces(file.pieces, ("query: ", "passage: "))
        tokenizer = make_tokenizer(file.pieces, kept)
        network = _Network(file, kept)
    layers = _trained(network, _tokenised(tokenizer, blocks()))
    Path(learned_layers.__file__).with_name(learned_layers.FILE).write_bytes(learned_layers.packed(layers))


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """One table: how often the sentence that answers a stranger's question is the nearest of its report, before and after learning."""
    with patch.object(learned_layers, "learned", lambda: learned_layers.packed({})):
        model_building.build_model(model_building.installed_source(), _made(folder / "before"))
    before = read_model_folder(folder / "before")
    engines = {"baseline: as it came": OnnxEmbedder(before), "learned": open_embedder("bundled")} if before else {}
    rows: list[list[str | float]] = []
    for name, engine in engines.items():
        ranks = [rank for texts, questions in _asked() for rank in _ranks(engine, texts, questions)]
        rows.append([name, *(float(np.mean([rank < first for rank in ranks])) for first in _FIRST)])
        say(f"{name}: {len(ranks)} questions")
    columns = [Column("by the vectors alone"), *(Column(f"among the first {first}", ".1%") for first in _FIRST)]
    return [Table("Sentences that answer strangers' questions, in their report", columns, rows, ["questions of one turn"])]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _asked() -> Iterator[tuple[list[Understood], list[dict[str, Any]]]]:
    """The reports of each stranger, and the questions that one of them answers."""
    for path in sorted(_ASKED.glob("*.jsonl")):
        read = [read_file(text.read_bytes(), text.name, lambda *_: None) for text in sorted(_ASKED.glob(f"{path.stem}?.txt"))]
        told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        yield (
            [understand_report(cleaned, {}) for raw in read for cleaned in read_reports(raw)],
            [one for one in told if one["stated"] and len(one["turns"]) == 1],
        )


def _ranks(engine: Embedder, reports: Sequence[Understood], questions: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """How many passages of its report are nearer to each question than the one that answers it."""
    vectors = [engine.embed_passages(report.embedded_texts()) for report in reports]
    for question in questions:
        for report, of_report in zip(reports, vectors, strict=True):
            answers = [question["sentence"] in report.text[one.start : one.end] for one in report.passages]
            if any(answers):
                near = of_report @ engine.embed_query(question["turns"][0].replace(report.metadata.place or "", ""))
                yield int((near > near[answers].max()).sum())
                break


def blocks() -> list[list[str]]:
    """Each sentence of ``data/pairs.txt`` with its questions behind it."""
    text = re.sub(r"^#.*\n", "", _PAIRS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [block.strip().split("\n") for block in text.split("\n\n") if block.strip()]


def _tokenised(tokenizer: Tokenizer, told: Sequence[Sequence[str]]) -> Pairs:
    """Sentences behind an invented place and year, as passages are embedded."""
    rng = random.Random(1)
    sentences = [f"passage: {_place(rng)} {block[0]}" for block in told]
    asked = [(n, question) for n, block in enumerate(told) for question in (*block[1:], *_pieces(rng, block[0]))]
    return Pairs(
        [one.ids for one in tokenizer.encode_batch(sentences)],
        [one.ids for one in tokenizer.encode_batch([f"query: {question}" for _, question in asked])],
        np.array([n for n, _ in asked]),
    )


def _place(rng: random.Random) -> str:
    return "".join(rng.sample(_SYLLABLES, 2)) + rng.choice(_KINDS) + f"{rng.randint(2018, 2026)}年"


def _pieces(rng: random.Random, sentence: str) -> list[str]:
    least, most = _PIECE
    if rng.random() > _PIECES or len(sentence) < most + 2:
        return []
    length = rng.randint(least, most)
    start = rng.randint(0, len(sentence) - length)
    return [sentence[start : start + length].strip("，。、；,.") + rng.choice(_ASKED_WITH)]


def _trained(network: _Network, pairs: Pairs) -> dict[str, NDArray[np.float32]]:
    """The tensors of the upper layers, by name."""
    import torch
    from torch.nn.functional import cross_entropy

    sentences, questions = network.below(pairs.sentences), network.below(pairs.questions)
    matrices = [values for values in network.upper.values() if values.dim() == 2]
    others = [values for values in network.upper.values() if values.dim() == 1]
    groups = [{"params": matrices, "weight_decay": _DECAY}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=_RATE)
    rng, done = np.random.default_rng(0), 0
    steps = _PLANNED * (len(questions) // _BATCH)
    for epoch in range(_EPOCHS):
        order = rng.permutation(len(questions))
        losses = []
        for start in range(0, len(order) - _BATCH + 1, _BATCH):
            batch = order[start : start + _BATCH]
            own = pairs.answers[batch]
            beside = np.unique(np.concatenate([own, np.clip(own + rng.choice(_BESIDE, _BATCH), 0, len(sentences) - 1)]))
            for group in optimizer.param_groups:
                group["lr"] = _RATE * min(1, (done + 1) / _WARM) * max(_LAST, 1 - done / steps)
            asked = network.above([questions[n] for n in batch])
            near = asked @ network.above([sentences[n] for n in beside]).T / _TEMPERATURE
            loss = cross_entropy(near, torch.tensor(np.searchsorted(beside, own)))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.item())
            done += 1
        print(f"epoch {epoch + 1} of {_EPOCHS}: loss {np.mean(losses):.3f}", flush=True)
    return {name: values.detach().numpy() for name, values in network.upper.items()}


class _Network:
    """The encoder in torch, with the tensors of the weight file: ``upper`` are those that are trained, by name."""

    def __init__(self, file: WeightFile, kept: Sequence[int]) -> None:
        import torch

        sizes = self._sizes = file.architecture
        hidden, wide = sizes.hidden, sizes.feed_forward
        self._words = torch.tensor(file.blocks("emb.word", sizes.vocabulary, hidden).as_floats()[kept])
        self._positions = torch.tensor(
            file.floats("emb.pos", sizes.positions, hidden) + file.floats("emb.type", sizes.types, hidden)[0]
        )
        shapes = {"q": (hidden, hidden), "k": (hidden, hidden), "v": (hidden, hidden), "ao": (hidden, hidden)}
        shapes |= {"fi": (wide, hidden), "fo": (hidden, wide)}
        norms = ["emb.ln", *(f"l{layer}.{norm}" for layer in range(sizes.layers) for norm in ("aln", "oln"))]
        values = {f"{norm}.{kind}": file.floats(f"{norm}.{kind}", hidden) for norm in norms for kind in "wb"}
        for layer in range(sizes.layers):
            for name, (outputs, inputs) in shapes.items():
                values[f"l{layer}.{name}.w"] = file.blocks(f"l{layer}.{name}.w", outputs, inputs).as_floats()
                values[f"l{layer}.{name}.b"] = file.floats(f"l{layer}.{name}.b", outputs)
        self._values: Mapping[str, Tensor] = {name: torch.tensor(value) for name, value in values.items()}
        self._first = sizes.layers - LAYERS
        names = tuple(f"l{layer}." for layer in range(self._first, sizes.layers))
        self.upper = {name: value.requires_grad_() for name, value in self._values.items() if name.startswith(names)}

    def below(self, texts: Sequence[Ids]) -> list[Tensor]:
        """What the layers below the trained ones make of each text: ``(tokens, hidden)``."""
        import torch
        from torch.nn.functional import pad

        made: dict[int, Tensor] = {}
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        with torch.no_grad():
            for start in range(0, len(order), _AT_ONCE):
                batch = order[start : start + _AT_ONCE]
                longest = max(len(texts[n]) for n in batch)
                ids = torch.stack([pad(torch.tensor(texts[n]), (0, longest - len(texts[n]))) for n in batch])
                mask = torch.tensor([[at < len(texts[n]) for at in range(longest)] for n in batch])
                values = self._normalised(self._words[ids] + self._positions[:longest], "emb.ln")
                for layer in range(self._first):
                    values = self._layer(layer, values, mask)
                made |= {n: values[row, : len(texts[n])].half() for row, n in enumerate(batch)}
        return [made[n] for n in range(len(texts))]

    def above(self, texts: Sequence[Tensor]) -> Tensor:
        """The vectors of texts, of what :meth:`below` gave: ``(texts, hidden)``, of unit length."""
        from torch.nn.functional import normalize
        from torch.nn.utils.rnn import pad_sequence

        values = pad_sequence([one.float() for one in texts], batch_first=True)
        mask = pad_sequence([one.new_ones(len(one)) for one in texts], batch_first=True).bool()
        for layer in range(self._first, self._sizes.layers):
            values = self._layer(layer, values, mask)
        counted = mask[:, :, None]
        return normalize((values * counted).sum(1) / counted.sum(1), dim=1)

    def _layer(self, number: int, entered: Tensor, mask: Tensor) -> Tensor:
        from torch.nn.functional import gelu, scaled_dot_product_attention

        texts, length, hidden = entered.shape
        heads = self._sizes.heads
        asking, keys, told = (
            self._linear(entered, f"l{number}.{one}").view(texts, length, heads, hidden // heads).transpose(1, 2) for one in "qkv"
        )
        attended = scaled_dot_product_attention(asking, keys, told, attn_mask=mask[:, None, None, :])
        attended = attended.transpose(1, 2).reshape(texts, length, hidden)
        entered = self._normalised(entered + self._linear(attended, f"l{number}.ao"), f"l{number}.aln")
        inner = gelu(self._linear(entered, f"l{number}.fi"))
        return self._normalised(entered + self._linear(inner, f"l{number}.fo"), f"l{number}.oln")

    def _linear(self, entered: Tensor, name: str) -> Tensor:
        from torch.nn.functional import linear

        return linear(entered, self._values[f"{name}.w"], self._values[f"{name}.b"])

    def _normalised(self, entered: Tensor, name: str) -> Tensor:
        from torch.nn.functional import layer_norm

        weight, bias = self._values[f"{name}.w"], self._values[f"{name}.b"]
        return layer_norm(entered, weight.shape, weight, bias, self._sizes.epsilon)


if __name__ == "__main__":
    train()
