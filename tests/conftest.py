"""Fixtures of the unit and property tests: small libraries, and the shared reports where they are there."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # read once, when huggingface_hub is imported

import invented
import pytest
from hypothesis import HealthCheck, settings

from retrieval.ingest.understanding import understand_report
from retrieval.library import Library
from retrieval.reading.loading import load
from retrieval.report.cleaning import clean
from retrieval.report.splitting import split_reports
from retrieval.report.understood import Understood

ROOT = Path(__file__).parent.parent
FOLDERS = ("provinces", "seeds")
settings.register_profile(
    "fast", max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("fast")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``shared`` beside the repository: reports, question files, design notes."""
    folder = (ROOT / ".." / "shared").resolve()
    if not (folder / "reports").is_dir():
        pytest.skip(f"{folder} is not there: the shared reports are no part of the repository")
    return folder


@pytest.fixture(scope="session")
def expected_reports() -> list[dict]:
    return tomllib.loads((ROOT / "tests" / "expected_reports.toml").read_text(encoding="utf-8"))["report"]


@pytest.fixture(scope="session")
def samples() -> Path:
    return ROOT / "data" / "samples"


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the invented reports as files."""
    folder = tmp_path_factory.mktemp("files")
    for name in ("YUNXI", "SHIDU", "SONGLING", "TWO_IN_ONE"):
        (folder / f"{name.lower()}.txt").write_text(getattr(invented, name), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, files: Path) -> Path:
    """A library folder with 云溪镇 (1), 石渡镇 (2), 松岭区 (3), to be copied."""
    folder = tmp_path_factory.mktemp("built") / "library"
    library = Library.open(folder, invented.CountingEmbedder())
    for name in ("yunxi", "shidu", "songling"):
        assert [one.outcome for one in library.add([files / f"{name}.txt"])] == ["added"]
    library.close()
    return folder


@pytest.fixture
def open_copy(built: Path, tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Opens a copy of the built library (the same copy when called again), by any embedder."""
    folder = tmp_path / "library"
    shutil.copytree(built, folder)
    opened: list[Library] = []

    def open_(embedder: invented.CountingEmbedder | None = None) -> Library:
        opened.append(Library.open(folder, embedder or invented.CountingEmbedder()))
        return opened[-1]

    yield open_
    for library in opened:
        library.close()


@pytest.fixture
def library(open_copy: Callable[..., Library]) -> Library:
    """A library of one's own, with 云溪镇 (1), 石渡镇 (2), 松岭区 (3)."""
    return open_copy()


@pytest.fixture(scope="session")
def small_library(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The same library for tests that only read."""
    folder = tmp_path_factory.mktemp("read_only") / "library"
    shutil.copytree(built, folder)
    library = Library.open(folder, invented.CountingEmbedder())
    yield library
    library.close()


@pytest.fixture(scope="session")
def sample_library(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The sample reports, for tests that only read."""
    library = Library.open(tmp_path_factory.mktemp("samples") / "library", invented.CountingEmbedder())
    assert [one.outcome for one in library.add([samples])] == ["added"] * 3
    yield library
    library.close()


@pytest.fixture
def empty_library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "empty", invented.CountingEmbedder())
    yield library
    library.close()


@pytest.fixture(scope="session")
def raw_reports(shared: Path) -> dict[str, str]:
    """The raw text of each of the shared files that the expected reports were read from, by name."""
    files = [path for folder in FOLDERS for path in sorted((shared / "reports" / folder).rglob("*"))]
    return {path.name: load(path) for path in files if path.is_file()}


@pytest.fixture(scope="session")
def shared_reports(raw_reports: dict[str, str]) -> dict[tuple[str, int], Understood]:
    """The nineteen shared reports as they are understood, by file and ordinal."""
    return {
        (name, ordinal): understand_report(part, {})
        for name, raw in raw_reports.items()
        for ordinal, part in enumerate(split_reports(clean(raw)), 1)
    }
