"""The vector index: exact, approximate, behind the library, built in the background."""

from __future__ import annotations

import math
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from invented import CountingEmbedder

from retrieval.embedding.vectors import pack, unpack
from retrieval.library import Library
from retrieval.reach import ALL, of_ids
from retrieval.storage import index as faiss_side
from retrieval.storage import indexing
from retrieval.storage.index import VectorIndex
from retrieval.storage.indexing import index_files

VECTORS = CountingEmbedder().embed_passages(["增", "农农", "工业", "税税税"])


def unit(count: int, dimension: int = 32, seed: int = 1) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def approximate(monkeypatch) -> None:
    """From fifty vectors on, the index is an approximate one."""
    monkeypatch.setattr(faiss_side, "EXACT_LIMIT", 50)


def test_stored_vectors_come_back_at_half_precision():
    blobs = [pack(vector) for vector in VECTORS]
    assert [len(blob) for blob in blobs] == [2 * VECTORS.shape[1]] * 4
    assert unpack(blobs, VECTORS.shape[1]) == pytest.approx(VECTORS, abs=1e-3)
    assert unpack([], 5).shape == (0, 5)


@pytest.mark.parametrize("mapped", [True, False])
def test_an_exact_index_gives_back_what_it_holds(tmp_path: Path, mapped):
    VectorIndex.of([7, 9, 11, 12], VECTORS).write(tmp_path / "i.faiss")
    index = VectorIndex.read(tmp_path / "i.faiss", mapped=mapped)
    assert (index.ids().tolist(), len(index), index.exact, index.dimension) == ([7, 9, 11, 12], 4, True, VECTORS.shape[1])
    assert index.vectors(index.ids()) == pytest.approx(VECTORS, abs=1e-3)
    ids, scores = index.nearest(CountingEmbedder().embed_query("农"), 2)
    assert ids.tolist() == [9, 7] or ids.tolist() == [9, 11]
    assert scores.tolist() == pytest.approx([3 / math.sqrt(10), 0.5], abs=1e-3)


def test_only_ids_within_the_ranges_are_found():
    index = VectorIndex.of([7, 9, 11, 12], VECTORS)
    ids, _ = index.nearest(CountingEmbedder().embed_query("农"), 4, [range(10, 12), range(12, 13)])
    assert sorted(ids.tolist()) == [11, 12]
    assert index.nearest(VECTORS[0], 4, [range(3)])[0].tolist() == []


def test_an_empty_index_finds_nothing(tmp_path: Path):
    VectorIndex.of([], np.empty((0, 4), np.float32)).write(tmp_path / "i.faiss")
    index = VectorIndex.read(tmp_path / "i.faiss")
    assert (index.ids().tolist(), index.vectors(index.ids()).shape) == ([], (0, 4))
    assert index.nearest(np.ones(4, np.float32), 3)[0].tolist() == []


def test_a_damaged_file_is_an_error(tmp_path: Path):
    (tmp_path / "i.faiss").write_bytes(b"no index")
    with pytest.raises(RuntimeError):
        VectorIndex.read(tmp_path / "i.faiss")


@pytest.mark.usefixtures("approximate")
@pytest.mark.parametrize("mapped", [True, False])
def test_an_approximate_index_finds_nearly_what_an_exact_one_does(tmp_path: Path, mapped):
    vectors = unit(4000)
    VectorIndex.of(np.arange(4000) + 10, vectors).write(tmp_path / "i.faiss")
    index = VectorIndex.read(tmp_path / "i.faiss", mapped=mapped)
    assert (index.exact, len(index), sorted(index.ids().tolist())) == (False, 4000, list(range(10, 4010)))
    hits = 0
    for query in unit(20, seed=2):
        expected = set((np.argsort(-(vectors @ query))[:10] + 10).tolist())
        hits += len(expected & set(index.nearest(query, 10)[0].tolist()))
    assert hits > 100  # of 200: random vectors have no neighbourhoods, which is the hardest case
    within, _ = index.nearest(vectors[5], 10, [range(10, 30)])
    assert within[0] == 15
    assert set(within.tolist()) <= set(range(10, 30))


@pytest.mark.usefixtures("approximate")
def test_an_approximate_index_keeps_vectors_closely_enough():
    vectors = unit(500)
    index = VectorIndex.of(np.arange(500), vectors)
    ids = index.ids()
    assert (index.vectors(ids) * vectors[ids]).sum(axis=1).min() > index.closeness
    index.remove([3, 4])
    assert sorted(set(range(500)) - set(index.ids().tolist())) == [3, 4]


@pytest.mark.usefixtures("approximate")
def test_an_index_is_outgrown_by_another_kind_or_by_many_more():
    assert [VectorIndex.of(range(20), unit(20)).outgrown_by(size) for size in (20, 50, 51)] == [False, False, True]
    index = VectorIndex.of(range(400), unit(400))
    assert [index.outgrown_by(size) for size in (20, 400, 1500, 2000)] == [True, False, False, True]


# -- beside a library -----------------------------------------------------------------------------------------


def ids_of(library: Library) -> set[int]:
    return {passage.id for report in library.reports() for passage in library.passages(report.id)}


def nearest(library: Library, text: str, *report_ids: int) -> list[int]:
    return library.nearest(library.embedder.embed_query(text), 1000, of_ids(report_ids) if report_ids else ALL)


def exactly(library: Library, text: str) -> list[float]:
    _, vectors = library.store.passages.stored_vectors()
    return sorted((vectors @ library.embedder.embed_query(text)).tolist(), reverse=True)


def scores(library: Library, text: str, ids: list[int]) -> list[float]:
    known, vectors = library.store.passages.stored_vectors()
    by_id = dict(zip(known, (vectors @ library.embedder.embed_query(text)).tolist(), strict=True))
    return [by_id[id_] for id_ in ids]


@pytest.fixture
def lagging(monkeypatch) -> None:
    """No library is so small that its index is written at once, and none so large that it is written at all."""
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    monkeypatch.setattr(indexing, "_LAGGING", 1e9)


def test_every_change_is_in_the_index_at_once_while_the_library_is_small(library: Library, files: Path):
    for change in (
        lambda: list(library.add([files / "two_in_one.txt"])),
        lambda: library.edit(1, {"place": "白溪镇"}),
        lambda: library.remove([2]),
        library.rebuild,
    ):
        change()
        assert list(index_files(library.folder)) == [library.generation]
        assert set(nearest(library, "增")) == ids_of(library)
        assert library.verify() == []


def test_an_index_that_lags_is_made_up_for(library: Library, files: Path, lagging):
    held = index_files(library.folder)
    list(library.add([files / "two_in_one.txt"]))
    library.edit(1, {"place": "农农农镇"})
    library.remove([2])
    assert index_files(library.folder) == held
    found = nearest(library, "农工")
    assert set(found) == ids_of(library)
    assert scores(library, "农工", found) == pytest.approx(exactly(library, "农工"))
    assert set(nearest(library, "增", 1, 3)) == {passage.id for id_ in (1, 3) for passage in library.passages(id_)}
    assert nearest(library, "增", 2) == []
    assert library.verify() == []


def test_a_damaged_index_is_made_up_for_and_told(library: Library):
    (path,) = index_files(library.folder).values()
    path.write_bytes(b"no index")
    library.store.indexer._loaded = None
    assert any("向量索引文件已损坏" in problem for problem in library.verify())
    assert set(nearest(library, "增")) == ids_of(library)
    library.edit(1, {"title": "改过的标题"})
    assert library.verify() == []


def test_a_large_library_is_indexed_in_the_background(library: Library, files: Path, monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    monkeypatch.setattr(indexing, "_LAGGING", 0.0)
    started, go_on = threading.Event(), threading.Event()
    built = indexing.built

    def slowly(*arguments, **options):
        started.set()
        assert go_on.wait(30)
        return built(*arguments, **options)

    monkeypatch.setattr(indexing, "built", slowly)
    held = list(index_files(library.folder))
    list(library.add([files / "two_in_one.txt"]))
    assert started.wait(30)
    assert list(index_files(library.folder)) == held
    assert set(nearest(library, "增")) == ids_of(library)
    go_on.set()
    library.store.indexer.settle()
    assert max(index_files(library.folder)) > max(held)
    assert set(nearest(library, "增")) == ids_of(library)
    assert library.verify() == []


@pytest.mark.usefixtures("approximate")
def test_a_library_grows_out_of_the_exact_index_and_keeps_the_approximate_one(
    open_copy: Callable[..., Library], files: Path, tmp_path: Path, monkeypatch
):
    library = open_copy()
    monkeypatch.setattr(faiss_side, "EXACT_LIMIT", 20)
    monkeypatch.setattr(faiss_side, "_LISTED_CLOSENESS", 0.5)  # trained on a handful of vectors, its bytes are coarse
    list(library.add([files / "two_in_one.txt"]))
    (path,) = index_files(library.folder).values()
    assert not VectorIndex.read(path).exact
    assert set(nearest(library, "增")) <= ids_of(library)
    trained: list[int] = []
    monkeypatch.setattr(VectorIndex, "trained", classmethod(lambda cls, *_: trained.append(1)))
    library.edit(1, {"title": "改过的标题"})
    assert trained == []
    assert library.verify() == []
    assert scores(library, "增", nearest(library, "增")[:1]) == pytest.approx(exactly(library, "增")[:1])


def test_what_a_killed_process_left_is_cleared_away(open_copy: Callable[..., Library]):
    library = open_copy()
    library.close()
    (library.folder / "index.99.faiss.part").write_bytes(b"half an index")
    for path in index_files(library.folder).values():
        path.unlink()
    again = open_copy()
    assert [path.name for path in again.folder.glob("index.*.faiss*")] == [f"index.{again.generation}.sealed.faiss"]
    assert again.verify() == []


# -- damage -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("approximate")
@pytest.mark.parametrize("count", [20, 400], ids=["exact", "approximate"])
def test_any_other_byte_and_any_other_length_is_damage(tmp_path: Path, count):
    path = tmp_path / "i.faiss"
    VectorIndex.of(range(count), unit(count)).write(path)
    good, random_ = path.read_bytes(), random.Random(3)
    for number in range(300):
        spoilt = bytearray(good)
        if number % 3 == 0:
            del spoilt[random_.randrange(len(good)) :]
        elif number % 3 == 1:
            where = random_.randrange(min(len(good), 300))  # FAISS's own header
            spoilt[where] ^= random_.randrange(1, 256)
        else:
            spoilt[random_.randrange(len(good))] ^= 1 << random_.randrange(8)
        path.write_bytes(spoilt)
        for mapped in (True, False):
            with pytest.raises(RuntimeError):
                VectorIndex.read(path, mapped=mapped)
    path.write_bytes(good)
    assert len(VectorIndex.read(path)) == count


DAMAGE = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "one byte": lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xff" + path.read_bytes()[101:]),
    "right magic": lambda path: path.write_bytes(path.read_bytes()[:4] + b"\xff" * 1000),
    "without its seal": lambda path: os.truncate(path, path.stat().st_size - 20),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_long_lived_process_answers_meanwhile_and_heals_the_index(library: Library, kind, monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    library.keep_up()
    library.store.indexer.settle()
    (path,) = index_files(library.folder).values()
    DAMAGE[kind](path)
    library.store.indexer._loaded = None
    with library.snapshot():  # as a question is answered
        assert scores(library, "农工", nearest(library, "农工")) == pytest.approx(exactly(library, "农工"))
    library.store.indexer.settle()
    assert library.verify() == []
    assert scores(library, "农工", nearest(library, "农工")) == pytest.approx(exactly(library, "农工"))
    assert library.store.indexer._loaded is not None


def test_a_short_lived_process_leaves_a_large_index_to_others(library: Library, monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    (path,) = index_files(library.folder).values()
    path.write_bytes(b"no index")
    assert set(nearest(library, "增")) == ids_of(library)
    library.store.indexer.settle()
    assert path.read_bytes() == b"no index"


def test_where_healing_fails_questions_go_on_and_it_is_not_tried_all_the_time(library: Library, monkeypatch):
    tried: list[int] = []

    def failing(*_: object, **__: object) -> None:
        tried.append(1)
        raise OSError(28, "full")

    monkeypatch.setattr(VectorIndex, "write", failing)
    (path,) = index_files(library.folder).values()
    path.unlink()
    for _ in range(5):
        assert set(nearest(library, "增")) == ids_of(library)
        library.store.indexer.settle()
    assert tried == [1]


def test_an_index_that_seems_newer_than_the_database_is_not_kept(library: Library):
    (path,) = index_files(library.folder).values()
    path.rename(path.with_name("index.999.sealed.faiss"))
    (library.folder / "index.3.faiss").write_bytes(b"of an older program")
    library.edit(1, {"title": "改过的标题"})
    assert list(index_files(library.folder)) == [library.generation]
    assert [one.name for one in library.folder.glob("*.faiss")] == [f"index.{library.generation}.sealed.faiss"]
    assert library.verify() == []


def test_a_search_looks_through_more_lists_where_there_are_more_or_fewer_vectors_count(monkeypatch):
    monkeypatch.setattr(faiss_side, "EXACT_LIMIT", 100)
    monkeypatch.setattr(faiss_side, "_PROBED", 4)
    approximate = VectorIndex.of(range(900), unit(900))
    assert approximate.lists == 30
    assert approximate._parameters(None).nprobe == 4
    monkeypatch.setattr(faiss_side, "_PROBED_SHARE", 0.5)
    assert approximate._parameters(None).nprobe == 15
    assert approximate._parameters(faiss_side._Selector([range(600)])).nprobe == 22
    assert approximate._parameters(faiss_side._Selector([range(90)])).nprobe == 30
