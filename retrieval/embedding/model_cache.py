"""Where the bundled model is kept once it is built: the user's cache folder, shared by all libraries and processes.

Each build is a folder named by its recipe, beside a manifest with the hash of each file. It is written under another
name and renamed when it is whole; one process builds at a time, and the others wait for it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import mmap
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.embedding import model_building
from retrieval.embedding.model_building import Source
from retrieval.errors import ModelNotBuilt
from retrieval.messages import message

_MANIFEST = "manifest.json"
_LOCK_SECONDS = 120  # building takes a few; a slow machine that builds for another process is waited for
_log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """The user's cache folder for models (``XDG_CACHE_HOME`` and its like on other systems move it)."""
    import platformdirs

    return platformdirs.user_cache_path("reportbot", appauthor=False) / "models"


def bundled_model(told: Callable[[int], None] = lambda done: None) -> Path:
    """The folder of the bundled model, built where it is missing or damaged; ``told`` hears of the steps if it is.

    Where the cache folder can't be written, it is a folder of the user's own in the system's temporary folder.
    Raises DamagedWeights, or ModelNotBuilt where neither can be written.
    """
    source = model_building.installed_source()
    try:
        return kept_model(cache_folder(), source, told)
    except OSError as error:
        instead = _temporary_folder()
        _log.warning(message("embedder.kept_elsewhere", folder=cache_folder(), instead=instead, detail=error.strerror or error))
    try:
        return kept_model(_made_private(instead), source, told)
    except OSError as error:
        reason = message("storage.disk_full") if error.errno == errno.ENOSPC else str(error.strerror or error)
        raise ModelNotBuilt(folder=instead, reason=reason) from error


def kept_folder() -> Path | None:
    """The folder of the bundled model where it is built already. Raises DamagedWeights."""
    return next(filter(is_whole, _places()), None)


def is_kept() -> bool:
    """Whether the bundled model seems to be built already; its files are not looked at. Raises DamagedWeights."""
    return any(folder.is_dir() for folder in _places())


def _places() -> tuple[Path, Path]:
    name = model_building.folder_name(model_building.installed_source())
    return cache_folder() / name, _temporary_folder() / name


def kept_model(within: Path, source: Source, told: Callable[[int], None] = lambda done: None) -> Path:
    """The model of ``source`` in the folder ``within``. Raises OSError, DamagedWeights or ModelNotBuilt."""
    folder = within / model_building.folder_name(source)
    if is_whole(folder):
        return folder
    within.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(within / f"{folder.name}.lock", timeout=_LOCK_SECONDS):
            if not is_whole(folder):  # another process may have built it meanwhile
                _build(source, folder, told)
    except Timeout as error:
        raise ModelNotBuilt(folder=within, reason=message("embedder.locked")) from error
    return folder


def is_whole(folder: Path) -> bool:
    """Whether a kept model has every file of its manifest, as it was written. Reads them all: some 30 ms."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return bool(manifest) and all(_hash(folder / name) == expected for name, expected in manifest.items())
    except (OSError, ValueError, AttributeError):
        return False


def _build(source: Source, folder: Path, told: Callable[[int], None]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for left in folder.parent.glob(f"{folder.name}.part-*"):  # of a process that was killed: this one holds the lock
        shutil.rmtree(left, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.part-", dir=folder.parent))
    try:
        model_building.build_model(source, part, told)
        files = sorted(path for path in part.rglob("*") if path.is_file())
        manifest = {path.relative_to(part).as_posix(): _hash(path) for path in files}
        (part / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        part.chmod(0o755)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _hash(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return hashlib.sha256(content).hexdigest()  # in one go: other threads run meanwhile


def _temporary_folder() -> Path:
    owner = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"reportbot-models-{owner}"


def _made_private(folder: Path) -> Path:
    """``folder``, made for this user alone: in a folder that all users write to, another could have made it before."""
    folder.mkdir(mode=0o700, exist_ok=True)
    held = folder.lstat()
    if hasattr(os, "getuid") and (held.st_uid != os.getuid() or held.st_mode & 0o022 or folder.is_symlink()):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    return folder
