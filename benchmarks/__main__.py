"""``python -m benchmarks [NAME ...] [--library DIR] [--json]``: runs all benchmarks, or those named."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    adding,
    asking,
    encoder,
    engine,
    figures,
    formats,
    gates,
    lexical,
    meaning,
    peers,
    ranking,
    scale,
    serving,
    spoken,
    starting,
    walls,
    web,
)
from benchmarks.tables import Column, Say, Table, summary, terminal
from bot.settings import load_settings
from retrieval.errors import ReportBotError

_ON_A_LIBRARY: dict[str, Callable[[Path, str, Say], list[Table]]] = {
    "asking": asking.run,
    "starting": starting.run,
    "gates": gates.run,
    "ranking": ranking.run,
    "peers": peers.run,
    "serving": serving.run,
}
_BY_ITSELF: dict[str, Callable[[Path, str, Say], list[Table]]] = {
    "encoder": encoder.run,
    "engine": engine.run,
    "figures": figures.run,
    "formats": formats.run,
    "lexical": lexical.run,
    "meaning": meaning.run,
    "scale": scale.run,
    "spoken": spoken.run,
    "web": web.run,
    "walls": walls.run,
}
_NAMES = ("adding", *_ON_A_LIBRARY, *_BY_ITSELF)


def main() -> int:
    """Runs the named benchmarks; the exit status. Tables go to standard output, progress to standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Prints times and shares beside their baselines.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run, of {', '.join(_NAMES)}; all by default")
    parser.add_argument("--library", type=Path, metavar="DIR", help="the library of an earlier run; made there when missing")
    parser.add_argument("--json", action="store_true", help="print raw numbers instead of tables")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in _NAMES]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)} (there are {', '.join(_NAMES)})")
    try:
        with tempfile.TemporaryDirectory(prefix="reportbot-bench-") as temporary:
            results = _results(options.names or list(_NAMES), options.library, Path(temporary), options.json)
    except ReportBotError as error:
        terminal(errors=True).print(error.user_message, style="red")
        return 1
    if options.json:
        told = {name: [table.as_json() for table in tables] for name, tables in results.items()}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _results(names: list[str], library: Path | None, temporary: Path, as_json: bool) -> dict[str, list[Table]]:
    """The tables of each benchmark, each printed as soon as it is there unless they are wanted as JSON."""
    model = load_settings().embedding_model
    results: dict[str, list[Table]] = {}

    def done(name: str, tables: list[Table]) -> None:
        results[name] = tables
        for table in () if as_json else tables:
            terminal().print(table.for_people())

    done("machine", [_machine(model)])
    folder = library or temporary / "library"
    held = (folder / "library.db").exists()
    if held and "adding" in names:
        _say("adding")(f"skipped: {folder} is already there")
    elif not held and ("adding" in names or any(name in names for name in _ON_A_LIBRARY)):
        added = adding.build(folder, model, _say("adding"), baseline="adding" in names)
        if "adding" in names:
            done("adding", adding.tables(added))
    for name, run in (_ON_A_LIBRARY | _BY_ITSELF).items():
        if name in names:
            done(name, run(folder, model, _say(name)))
    done("summary", [summary(results)])
    return results


def _say(name: str) -> Say:
    started = time.perf_counter()
    console = terminal(errors=True)
    return lambda text: console.print(f"{time.perf_counter() - started:6.1f} s  {name}: {text}", style="dim", soft_wrap=True)


def _machine(model: str) -> Table:
    load = " ".join(f"{one:.2f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else None
    rows = [
        ("CPU", _cpu()),
        ("cores", str(os.cpu_count())),
        ("load average", load),
        ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("embedding model", model),
    ]
    return Table("Machine", (Column(""), Column("")), rows)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
