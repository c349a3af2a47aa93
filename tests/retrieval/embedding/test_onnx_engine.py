"""The light runtime: the bundled model's vectors, models in folders of other kinds, and what stands in without onnxruntime."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import invented
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from retrieval.embedding import learned_layers, model_building, model_cache
from retrieval.embedding.batching import batches
from retrieval.embedding.embedder import BundledEmbedder, open_embedder
from retrieval.embedding.four_bit_engine import FourBitEmbedder
from retrieval.embedding.model_folder import read_model_folder
from retrieval.embedding.onnx_engine import OnnxEmbedder
from retrieval.errors import DamagedModel, OtherModel
from retrieval.library import Library

TEXTS = [line for line in invented.YUNXI.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def bundled() -> OnnxEmbedder:
    engine = BundledEmbedder().engine
    assert isinstance(engine, OnnxEmbedder)
    return engine


def test_without_what_was_learned_vectors_are_close_to_those_of_the_4_bit_engine(tmp_path, monkeypatch):
    monkeypatch.setattr(learned_layers, "learned", lambda: learned_layers.packed({}))
    model_building.build_model(model_building.installed_source(), tmp_path)
    folder = read_model_folder(tmp_path)
    assert folder is not None
    ours, theirs = OnnxEmbedder(folder), FourBitEmbedder()
    assert (ours.embed_passages(TEXTS) * theirs.embed_passages(TEXTS)).sum(axis=1).min() > 0.99
    assert ours.embed_query("GDP增长目标") @ theirs.embed_query("GDP增长目标") > 0.99


def test_a_text_has_the_same_vector_beside_any_others(bundled):
    together = bundled.embed_passages(TEXTS)
    alone = np.concatenate([bundled.embed_passages([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)


def test_progress_rises_to_the_number_of_texts(bundled):
    told: list[int] = []
    bundled.embed_passages(TEXTS * 20, told.append)
    assert told == sorted(told)
    assert told[-1] == 20 * len(TEXTS)
    assert len(told) > 2


def test_threads_share_it(bundled):
    expected = bundled.embed_passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(bundled.embed_passages, [TEXTS] * 4))
        queries = list(pool.map(bundled.embed_query, ["增长"] * 8))
    assert all(np.abs(one - expected).max() < 1e-5 for one in found)
    assert all(np.abs(one - queries[0]).max() < 1e-5 for one in queries)


def test_a_text_longer_than_the_model_reads_is_cut(bundled):
    (vector,) = bundled.embed_passages(["发展" * 5000])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


# -- folders of other kinds ---------------------------------------------------------------------------------------

# The hidden state of a token is its row: [UNK], [PAD], 甲, 乙, 丙, 问.
ROWS = np.array([[0, 0], [9, 9], [3, 0], [0, 4], [-3, 0], [1, 1]], dtype=np.float32)


def make_folder(folder: Path, pooling: dict, prompts: dict[str, str] | None = None, longest: int = 8) -> Path:
    """A model folder whose network is a table of two numbers for each character."""
    graph = helper.make_graph(
        [helper.make_node("Gather", ["rows", "input_ids"], ["token_embeddings"])],
        "rows",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "sequence"])],
        [helper.make_tensor_value_info("token_embeddings", TensorProto.FLOAT, ["batch", "sequence", 2])],
        [numpy_helper.from_array(ROWS, "rows")],
    )
    (folder / "onnx").mkdir(parents=True)
    (folder / "1_Pooling").mkdir()
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "onnx" / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "[PAD]": 1, "甲": 2, "乙": 3, "丙": 4, "问": 5}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.save(str(folder / "tokenizer.json"))
    kinds = [("Transformer", ""), ("Pooling", "1_Pooling")]
    modules = [{"type": f"sentence_transformers.models.{kind}", "path": path} for kind, path in kinds]
    for name, value in {
        "modules.json": modules,
        "1_Pooling/config.json": pooling,
        "config_sentence_transformers.json": {"prompts": prompts or {}},
        "sentence_bert_config.json": {"max_seq_length": longest},
        "tokenizer_config.json": {"pad_token": "[PAD]"},
    }.items():
        (folder / name).write_text(json.dumps(value))
    return folder


@pytest.mark.parametrize(
    "pooling, expected",
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, [[0.6, 0.8], [0, 1], [-1, 0]]),
        ({"pooling_mode": "cls"}, [[1, 0], [0, 1], [-1, 0]]),
        ({"pooling_mode": "max"}, [[0.6, 0.8], [0, 1], [-1, 0]]),
    ],
)
def test_a_folder_is_pooled_as_it_says_and_padding_counts_for_nothing(tmp_path, pooling, expected):
    engine = open_embedder(str(make_folder(tmp_path / "model", pooling)))
    assert isinstance(engine, OnnxEmbedder)
    assert engine.embed_passages(["甲乙", "乙", "丙"]) == pytest.approx(np.array(expected), abs=1e-6)
    assert engine.dimension == 2


def test_prompts_go_before_the_texts_and_what_is_too_long_is_cut(tmp_path):
    prompts = {"query": "问", "passage": "丙"}
    engine = open_embedder(str(make_folder(tmp_path / "model", {"pooling_mode": "mean"}, prompts, longest=2)))
    assert engine.embed_query("问问") == pytest.approx(np.array([0.5**0.5, 0.5**0.5]), abs=1e-6)
    assert engine.embed_passages(["乙甲甲甲甲"])[0] == pytest.approx(np.array([-0.6, 0.8]), abs=1e-6)


@pytest.mark.parametrize("pooling", [{"pooling_mode": "lasttoken"}, {"pooling_mode": "mean", "include_prompt": False}])
def test_a_folder_that_pools_in_another_way_is_left_to_sentence_transformers(tmp_path, pooling):
    assert read_model_folder(make_folder(tmp_path / "model", pooling)) is None


def test_a_folder_with_a_further_module_is_left_to_sentence_transformers(tmp_path):
    folder = make_folder(tmp_path / "model", {"pooling_mode": "mean"})
    modules = json.loads((folder / "modules.json").read_text())
    (folder / "modules.json").write_text(
        json.dumps([*modules, {"type": "sentence_transformers.models.Dense", "path": "2_Dense"}])
    )
    assert read_model_folder(folder) is None


@pytest.mark.parametrize("name", ["onnx/model.onnx", "tokenizer.json"])
def test_a_folder_with_a_damaged_file_is_named(tmp_path, name):
    folder = make_folder(tmp_path / "model", {"pooling_mode": "mean"})
    (folder / name).write_bytes(b"damaged")
    with pytest.raises(DamagedModel) as error:
        open_embedder(str(folder)).embed_query("甲")
    assert str(folder) in error.value.user_message


def test_a_changed_folder_has_another_fingerprint(tmp_path):
    one = open_embedder(str(make_folder(tmp_path / "one" / "model", {"pooling_mode": "mean"})))
    other = open_embedder(str(make_folder(tmp_path / "other" / "model", {"pooling_mode": "cls"})))
    assert one.fingerprint != other.fingerprint


# -- without onnxruntime ------------------------------------------------------------------------------------------


def test_without_onnxruntime_the_4_bit_engine_stands_in_and_counts_as_another_model(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text(invented.SHIDU, encoding="utf-8")
    library = Library.open(tmp_path / "library", open_embedder("bundled"))
    assert [one.outcome for one in library.add([path])] == ["added"]
    library.close()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    instead = BundledEmbedder()
    assert isinstance(instead.engine, FourBitEmbedder)
    library = Library.open(tmp_path / "library", instead)
    with pytest.raises(OtherModel):
        library.check_model()
    library.rebuild()
    assert library.verify() == []
    library.close()


def test_nothing_is_built_or_loaded_to_know_the_fingerprint(monkeypatch):
    monkeypatch.setattr(model_cache, "bundled_model", lambda told: pytest.fail("built"))
    assert BundledEmbedder().fingerprint.startswith("e5-small-int8-")


# -- batches ------------------------------------------------------------------------------------------------------


def test_batches_hold_each_text_once_and_keep_to_the_budget():
    lengths = [5, 30, 7, 100, 6, 31, 29, 1]
    found = list(batches(lengths, 64))
    assert sorted(position for batch in found for position in batch) == list(range(len(lengths)))
    assert found == [[3], [5, 1], [6, 2], [4, 0, 7]]
    assert list(batches([], 64)) == []


def test_onnxruntime_reports_nothing_home(bundled, tmp_path: Path):
    """Its builds write an identifier and the events to be sent into the user's cache folder, unless they are told not to."""
    code = f"from retrieval.embedding.embedder import open_embedder; open_embedder({str(bundled.folder.path)!r}).embed_query('x')"
    silent = ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "HOME")
    environment = {name: value for name, value in os.environ.items() if name not in silent}
    subprocess.run([sys.executable, "-c", code], env=environment | {"HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []
