"""A short run of :mod:`mixed_operations`: ``make soak`` does ten thousand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_several_processes_at_once_and_a_model_in_plain_python(tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]), "TMPDIR": str(tmp_path)}
    command = [sys.executable, str(ROOT / "tests" / "mixed_operations.py"), "200", "2", "6"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "verify clean after each" in done.stdout
