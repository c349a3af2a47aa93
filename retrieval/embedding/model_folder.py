"""What a sentence-transformers model folder says about itself, as far as the light runtime can follow it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ONNX = Path("onnx") / "model.onnx"
_POOLINGS = ("mean", "cls", "max")
_LEGACY_POOLINGS = {"mean_tokens": "mean", "cls_token": "cls", "max_tokens": "max"}
# The order in which sentence-transformers looks for the prompt of encode_query and of encode_document.
_QUERY_PROMPTS = ("query",)
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")
_POSITIONS = 512  # where a folder names no limit: what encoders of this kind commonly have


@dataclass(frozen=True)
class ModelFolder:
    """A model that onnxruntime and ``tokenizers`` alone can run. Texts longer than ``longest`` tokens are cut.

    ``pooling`` is ``mean``, ``cls`` or ``max``; the prompts go before the texts.
    """

    path: Path
    pooling: str
    longest: int
    padding: str
    query_prompt: str
    document_prompt: str

    @property
    def onnx(self) -> Path:
        return self.path / ONNX


def read_model_folder(path: Path) -> ModelFolder | None:
    """The model in ``path``, or None where it is none, has no ONNX file, or needs what the light runtime has not."""
    try:
        kinds = [(module["type"].rpartition(".")[2], module.get("path", "")) for module in _read(path / "modules.json")]
        transformer, pooling, *rest = kinds
        if (transformer, pooling[0]) != (("Transformer", ""), "Pooling") or any(kind != "Normalize" for kind, _ in rest):
            return None
        if not (path / ONNX).is_file() or not (path / "tokenizer.json").is_file():
            return None
        mode = _pooling(_read(path / pooling[1] / "config.json"))
        own = _read_or_empty(path / "config_sentence_transformers.json")
        limits = [_read_or_empty(path / "sentence_bert_config.json").get("max_seq_length")]
        tokenizer = _read_or_empty(path / "tokenizer_config.json")
        limits += [tokenizer.get("model_max_length"), _read_or_empty(path / "config.json").get("max_position_embeddings")]
        if mode is None or _lowers_itself(path):
            return None
        return ModelFolder(
            path,
            mode,
            min([limit for limit in limits if isinstance(limit, int)] or [_POSITIONS]),
            _token(tokenizer.get("pad_token")) or "<pad>",
            _prompt(own, _QUERY_PROMPTS),
            _prompt(own, _DOCUMENT_PROMPTS),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def folder_hash(folder: Path) -> str:
    """A hash of a model folder: the contents of its small files, the sizes of its large ones."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder)}:{size}\n".encode())
        if size < 1_000_000:
            digest.update(path.read_bytes())
    return f"{folder.name}-{digest.hexdigest()[:16]}"


def folder_size(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _pooling(configuration: dict[str, Any]) -> str | None:
    """The one way of pooling, where the light runtime has it. Prompts that are kept out of the pooling it has not."""
    if not configuration.get("include_prompt", True):
        return None
    mode = configuration.get("pooling_mode")
    if mode is None:
        active = [
            key.removeprefix("pooling_mode_") for key, value in configuration.items() if key.startswith("pooling_mode_") and value
        ]
        mode = _LEGACY_POOLINGS.get(active[0]) if len(active) == 1 else None
    return mode if mode in _POOLINGS else None


def _prompt(configuration: dict[str, Any], names: tuple[str, ...]) -> str:
    prompts = configuration.get("prompts") or {}
    name = next((name for name in names if name in prompts), configuration.get("default_prompt_name"))
    return str(prompts.get(name) or "")


def _lowers_itself(path: Path) -> bool:
    """Whether sentence-transformers itself lowers the texts, which is not in ``tokenizer.json``."""
    return bool(_read_or_empty(path / "sentence_bert_config.json").get("do_lower_case"))


def _token(stored: Any) -> str | None:
    return stored.get("content") if isinstance(stored, dict) else stored


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _read_or_empty(path: Path) -> dict[str, Any]:
    return dict(_read(path)) if path.is_file() else {}
