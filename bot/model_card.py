"""What ``reportbot model`` prints: the embedding engine that the settings name, and what it has of the machine."""

from __future__ import annotations

from pathlib import Path

from retrieval.embedding import model_cache
from retrieval.embedding.embedder import BUNDLED, open_embedder
from retrieval.embedding.model_folder import folder_size
from retrieval.embedding.processor import instruction_set, usable_cores
from retrieval.messages import message


def model_card(name: str) -> list[str]:
    """A line each: engine, fingerprint, folder and size, instruction set, threads. Builds and loads nothing."""
    folder = model_cache.kept_folder() if name == BUNDLED else Path(name)
    lines = [
        message("embedder.engine", engine=name, fingerprint=open_embedder(name).fingerprint),
        message("embedder.processor", instructions=instruction_set(), threads=usable_cores()),
    ]
    if folder is not None and folder.is_dir():
        lines.insert(1, message("embedder.folder", folder=folder, size=megabytes(folder)))
    elif name == BUNDLED:
        lines.insert(1, message("embedder.not_built", folder=model_cache.cache_folder()))
    return lines


def megabytes(folder: Path) -> str:
    """The size of a folder's files, as people read it: ``37.1 MB``."""
    return f"{folder_size(folder) / 1e6:.1f} MB"
