"""``reportbot`` as on a platform that has no onnxruntime: with the 4-bit engine. Takes the arguments of ``reportbot``."""

from __future__ import annotations

import sys

from bot import cli


def main() -> int:
    sys.modules["onnxruntime"] = None  # type: ignore[assignment]
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
