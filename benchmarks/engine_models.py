"""What the bundled engine is compared with: the same weights in float32 for torch, and its int8 products alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding import model_building, onnx_engine
from retrieval.embedding.batching import batches
from retrieval.embedding.learned_layers import as_learned
from retrieval.embedding.model_vocabulary import kept_pieces
from retrieval.embedding.onnx_engine import OnnxEmbedder
from retrieval.embedding.weight_file import WeightFile

_PRODUCT = "MatMulIntegerToFloat"
# Names of the weight file's layers, and what transformers calls them.
_DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_float32(bundled: Path, folder: Path) -> None:
    """Writes into ``folder`` the model of ``bundled`` as sentence-transformers opens it with torch, its weights in float32.

    Tokenizer and settings are those of ``bundled``. Raises ImportError without the extra ``models``.
    """
    from safetensors.numpy import save_file

    shutil.copytree(bundled, folder, ignore=shutil.ignore_patterns("onnx"))
    with WeightFile(model_building.installed_source().path) as file:
        network = as_learned(file)
        sizes = network.architecture
        kept = kept_pieces(network.pieces, model_building._PROMPTS.values())
        words = network.words().as_floats()[kept]
        tensors = {
            "embeddings.word_embeddings.weight": words,
            "embeddings.position_embeddings.weight": network.floats("emb.pos", sizes.positions, sizes.hidden),
            "embeddings.token_type_embeddings.weight": network.floats("emb.type", sizes.types, sizes.hidden),
            "embeddings.LayerNorm.weight": network.floats("emb.ln.w", sizes.hidden),
            "embeddings.LayerNorm.bias": network.floats("emb.ln.b", sizes.hidden),
        }
        for number in range(sizes.layers):
            layer = f"encoder.layer.{number}"
            for name, called in _DENSE.items():
                outputs = sizes.feed_forward if name == "fi" else sizes.hidden
                inputs = sizes.feed_forward if name == "fo" else sizes.hidden
                tensors[f"{layer}.{called}.weight"] = network.matrix(f"l{number}.{name}.w", outputs, inputs)
                tensors[f"{layer}.{called}.bias"] = network.floats(f"l{number}.{name}.b", outputs)
            for name, called in _NORMS.items():
                tensors[f"{layer}.{called}.weight"] = network.floats(f"l{number}.{name}.w", sizes.hidden)
                tensors[f"{layer}.{called}.bias"] = network.floats(f"l{number}.{name}.b", sizes.hidden)
    # Without a weight of its own transformers would draw the pooler at random; nothing reads what it gives.
    tensors["pooler.dense.weight"] = np.zeros((sizes.hidden, sizes.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(sizes.hidden, np.float32)
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})


class Products:
    """The int8 products of a model's layers and nothing else: what the machine's matrix speed allows the engine.

    Batches, threads, shapes, weights and operators are those of ``embedder``. There is no tokenising (the lengths of the texts
    it was given before are known), no attention between tokens, no quantising, no norm, no pooling.
    """

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self._embedder = embedder
        self._cores = embedder.load()
        self._session, self._widths = _products(embedder.folder.onnx)
        self._lengths: dict[str, int] = {}

    def embed_passages(self, texts: Sequence[str]) -> None:
        prompt = self._embedder.folder.document_prompt
        self._know([prompt + text for text in texts])
        lengths = [self._lengths[prompt + text] for text in texts]
        shapes = [(len(batch), max(lengths[one] for one in batch)) for batch in batches(lengths, onnx_engine.BATCH_TOKENS)]
        _wait(self._cores, self._run, [rows * tokens for rows, tokens in shapes])

    def embed_query(self, text: str) -> None:
        prompted = self._embedder.folder.query_prompt + text
        self._know([prompted])
        self._run(self._lengths[prompted])

    def _know(self, texts: list[str]) -> None:
        new = [text for text in texts if text not in self._lengths]
        if new:
            self._lengths |= {text: len(one) for text, one in zip(new, self._embedder._tokens(new), strict=True)}

    def _run(self, tokens: int) -> None:
        self._session.run(None, {f"entered_{width}": np.full((tokens, width), 130, np.uint8) for width in self._widths})


def _wait(cores: ThreadPoolExecutor, run: Callable[[int], None], sizes: list[int]) -> None:
    for future in [cores.submit(run, size) for size in sizes]:
        future.result()


def _products(path: Path) -> tuple[Any, list[int]]:
    """A session of the products in a model alone, and the widths of its inputs, one for each width of what goes into them."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    graph = onnx.load(str(path)).graph
    constants = {one.name: one for one in graph.initializer}
    used = {"first": numpy_helper.from_array(np.array([0]), "first")}
    nodes, outputs, widths = [], [], set()
    for node in graph.node:
        if node.op_type != _PRODUCT:
            continue
        width = constants[node.input[1]].dims[0]
        widths.add(width)
        used |= {name: constants[name] for name in node.input[1:]}
        product = helper.make_node(_PRODUCT, [f"entered_{width}", *node.input[1:]], node.output, domain=node.domain)
        # One row goes out, so that a product is given back before the next one, as in the model.
        nodes += [product, helper.make_node("Gather", [node.output[0], "first"], [f"row_{node.output[0]}"], axis=0)]
        outputs.append(helper.make_tensor_value_info(f"row_{node.output[0]}", TensorProto.FLOAT, None))
    inputs = [helper.make_tensor_value_info(f"entered_{width}", TensorProto.UINT8, ["tokens", width]) for width in sorted(widths)]
    alone = helper.make_graph(nodes, "products", inputs, outputs, list(used.values()))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(alone, opset_imports=opsets, ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session, sorted(widths)
