"""The style and the scripts: a few files that are read once, and whose addresses change with what they hold."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[bytes, str]]:
    """Each file's content and type, by its address below ``/static/``."""
    found = {}
    for path in sorted(_FOLDER.iterdir()):
        content = path.read_bytes()
        found[f"{hashlib.sha256(content).hexdigest()[:12]}/{path.name}"] = content, _TYPES[path.suffix]
    return found


def address_of(name: str) -> str:
    """The address of a file, from the root of the pages."""
    return next(f"/static/{address}" for address in _files() if address.endswith(f"/{name}"))


def asset(address: str) -> tuple[bytes, str] | None:
    return _files().get(address)
