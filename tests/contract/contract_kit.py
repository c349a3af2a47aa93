"""Running the installed command and judging what it printed. Nothing here imports the product."""
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPORTBOT = Path(sys.executable).parent / "reportbot"
OURS = ("TELEGRAM_", "WEBHOOK_", "REPORTBOT_")
SETTINGS = ("ADMIN_IDS", "ALLOWED_CHAT_IDS", "EMBEDDING_MODEL", "LOG_LEVEL")
CJK = re.compile(r"[\u4e00-\u9fff]")
FIGURE = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?\s?(?:%|％|个百分点|亿|万|元|吨|公斤|人次|人|户|亩|件|公里|平方米|㎡|家|盏|场)")
REPORT_KEYS = {"id", "title", "place", "level", "within", "year", "review_year", "plan_year", "delivered_on", "meeting",
               "speaker", "office", "source", "file", "passages", "figures"}


@dataclass(frozen=True)
class Run:
    arguments: tuple
    code: int
    stdout: bytes
    err: str

    @property
    def out(self):
        return self.stdout.decode("utf-8")

    @property
    def json(self):
        assert self.out.strip(), f"{self}: nothing on standard output"
        return json.loads(self.out)

    @property
    def lines(self):
        """The JSON objects of `batch`. Only \\n ends a line: str.splitlines would also split at U+2028."""
        return [json.loads(line) for line in self.out.split("\n") if line.strip()]

    def __str__(self):
        shown = " ".join(a if len(a) < 60 else a[:60] + "…" for a in self.arguments)
        return f"reportbot {shown} -> {self.code}\nstdout: {self.stdout[-600:].decode(errors='replace')}\nstderr: {self.err[-600:]}"


def environment(**extra):
    """This process's environment without any setting of the product, so that the user's own library stays out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS) and name not in SETTINGS}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "200", **extra}


def start(arguments, cwd, env=None, **options):
    return subprocess.Popen([str(REPORTBOT), *arguments], cwd=cwd, env=environment(**(env or {})), start_new_session=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def finish(process, arguments, stdin=b"", timeout=120):
    try:
        out, err = process.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise AssertionError(f"reportbot {' '.join(arguments)[:200]}: still running after {timeout} s") from None
    return Run(tuple(arguments), process.returncode, out, err.decode("utf-8", errors="replace"))


def call(library, *arguments, stdin=b"", env=None, cwd=None, timeout=120):
    """Run one command to its end; `library` None leaves `--library` out."""
    arguments = [str(a) for a in arguments] + (["--library", str(library)] if library else [])
    folder = cwd or (Path(library).parent if library else Path.cwd())
    return finish(start(arguments, folder, env), arguments, stdin, timeout)


def ask_all(library, *conversations):
    """Each conversation (a list of turns) through one `batch`; the replies in order."""
    sent = "".join(json.dumps({"id": f"q{n}", "turns": turns}, ensure_ascii=False) + "\n"
                   for n, turns in enumerate(conversations))
    run = call(library, "batch", stdin=sent.encode())
    assert run.code == 0, run
    return run.lines


def squeeze(text):
    """Without white space, colour codes and table borders: what is left does not depend on the width of the terminal."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text or "")
    return re.sub(r"[\s\u2500-\u257f|]+", "", text)


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", str(text))]


def leaves(value):
    """Every string, number and key in a JSON value, as strings."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)


def clear_message(run, *words):
    """The run said in Chinese, on standard error, what is wrong, in few words and without a stack trace."""
    assert "Traceback" not in run.err, run
    assert CJK.search(run.err), f"no Chinese sentence on standard error: {run}"
    assert len(run.err) < 1000, f"not one clear sentence: {run}"
    for word in words:
        assert squeeze(word) in squeeze(run.err), f"{word!r} is not named: {run}"


def figures_in(answer):
    """Numbers with a unit, less the exempt: years, dates and counts of reports."""
    exempt = re.sub(r"\d{4}年|\d+月\d+日|\d+\s?[份篇]|\d+\s?个(?=报告|地方|镇|地区)", "", answer)
    return [found.group() for found in FIGURE.finditer(exempt)]


def is_sqlite(path):
    with open(path, "rb") as stream:
        return stream.read(16) == b"SQLite format 3\0"


def files(library):
    return [path for path in sorted(Path(library).rglob("*")) if path.is_file()]


def database(library):
    found = [path for path in files(library) if is_sqlite(path)]
    return found[0] if found else None


def index_file(library):
    """The vector index: by FAISS's own magic number (IxMp, IxM2, IxFI, ...), else by name."""
    for path in files(library):
        if path.read_bytes()[:2] == b"Ix" or path.suffix in (".faiss", ".index"):
            return path
    return None


def stored_originals(library, source):
    """The files in the library that are byte for byte the file that was added."""
    return [path for path in files(library) if path.read_bytes() == Path(source).read_bytes()]


def tree(library):
    """{file: hash} of all but SQLite's own files, which it may fold together whenever it is opened."""
    skip = ("-wal", "-shm", "-journal", ".log", ".lock")
    return {str(path.relative_to(library)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files(library) if not path.name.endswith(skip) and not is_sqlite(path)}
