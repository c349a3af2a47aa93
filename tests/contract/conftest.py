"""Scenarios of commands, run beside each other on two workers, so that the suite waits on no process twice.

A scenario is a function of `World` registered with `@scenario`; its result is the session fixture of the same name.
Before the first test, the scenarios that the collected tests ask for are queued in the order of this file.
"""
import fcntl
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import contract_reports as reports
from contract_kit import (
    REPORTBOT,
    ask_all,
    call,
    database,
    environment,
    finish,
    index_file,
    squeeze,
    start,
    stored_originals,
    tree,
)

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function

    @pytest.fixture(scope="session", name=function.__name__)
    def fixture(world):
        return world.result(function.__name__)

    return fixture


class World:
    def __init__(self, root):
        self.root = root
        self.pool = ThreadPoolExecutor(max_workers=2)
        self.futures = {}

    def queue(self, names):
        """Start them in the order of SCENARIOS: the two that build libraries come first and wait for nothing, so that
        the ones that wait for them can't hold both workers."""
        for name, function in SCENARIOS.items():
            if name in names:
                self.futures[name] = self.pool.submit(function, self)

    def result(self, name):
        return self.futures[name].result()

    def folder(self, name):
        path = self.root / name
        path.mkdir()
        return path

    def copy_of(self, name, folder):
        library = self.folder(folder) / "library"
        shutil.copytree(self.result(name).path, library)
        return library


NEEDS_LIBRARY = {"cards", "replies", "odd_lines", "asked", "searched", "console"}


@pytest.fixture(scope="session")
def world(request, tmp_path_factory):
    if not REPORTBOT.exists():
        pytest.fail(f"{REPORTBOT} is not there: install the project into this environment first")
    made = World(tmp_path_factory.mktemp("contract"))
    asked_for = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    builders = {"library"} if asked_for & NEEDS_LIBRARY else set()
    made.queue(asked_for & set(SCENARIOS) | builders | {"small"})
    yield made
    made.pool.shutdown(wait=True, cancel_futures=True)


# -- two libraries -----------------------------------------------------------------------------------------------------

@scenario
def library(world):
    """Eight reports out of seven files, one for each type and encoding, added as one folder."""
    folder = world.folder("big")
    places = reports.write_all(folder / "in")
    added = call(folder / "library", "add", folder / "in", "--json")
    assert added.code == 0, added
    entries = added.json
    by_key = {(e["place"], e["plan_year"]): e for e in entries}
    return SimpleNamespace(path=folder / "library", source=folder / "in", places=places, run=added, entries=entries,
                           by_key=by_key)


@scenario
def small(world):
    """Two reports of one file, 石桥镇 and 麦坡镇: what the scenarios that change a library start from, each on a copy."""
    folder = world.folder("small")
    source = folder / "towns.txt"
    source.write_bytes((reports.SHIQIAO + reports.MAIPO).encode())
    added = call(folder / "library", "add", source)
    assert added.code == 0, added
    listed = call(folder / "library", "list", "--json")
    assert listed.code == 0, listed
    ids = {e["place"]: e["id"] for e in listed.json}
    assert set(ids) == {"石桥镇", "麦坡镇"}, listed
    return SimpleNamespace(path=folder / "library", source=source, run=added, listed=listed, ids=ids,
                           shiqiao=str(ids["石桥镇"]), maipo=str(ids["麦坡镇"]),
                           text=call(folder / "library", "text", ids["麦坡镇"]).out)


# -- sudden death (first, because it is the longest) -------------------------------------------------------------------

def footprint(path):
    seen = []
    for found in path.rglob("*"):
        try:
            seen.append((str(found), found.stat().st_size, found.stat().st_mtime_ns))
        except FileNotFoundError:  # a temporary file came and went while we looked
            seen.append((str(found), None, None))
    return sorted(seen, key=str)


def first_change(path, process, seconds):
    """Wait for the first sign that the process writes to the library."""
    before, deadline = footprint(path), time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if footprint(path) != before:
            return
        time.sleep(0.003)


@scenario
def killed(world):
    """`add` of two files killed with its children: twice at a random moment, once soon after its first write."""
    path = world.copy_of("small", "killed")
    folder = path.parent / "in"
    folder.mkdir()
    for name in ("松坪镇", "柏岭镇"):
        (folder / f"{name}.txt").write_text(reports.plain_town(name, 12), encoding="utf-8")
    arguments = ["add", str(folder), "--json", "--library", str(path)]
    rounds = []
    for moment in (random.uniform(0.3, 1.4), random.uniform(1.4, 2.8), None):
        process = start(arguments, path.parent)
        if moment is None:
            first_change(path, process, 10)
            moment = random.uniform(0, 0.15)
        time.sleep(moment)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # our own child: start() made it the leader of its own group
        process.communicate()
        rounds.append(SimpleNamespace(moment=moment, code=process.returncode, verified=call(path, "verify")))
    added = call(path, "add", folder, "--json")
    return SimpleNamespace(rounds=rounds, added=added, listed=call(path, "list", "--json"), verified=call(path, "verify"))


# -- reading -----------------------------------------------------------------------------------------------------------

@scenario
def cards(world):
    """list, show, text and verify on the big library; the library named by flag, environment and .env in turn."""
    held = world.result("library")
    qinghe = held.by_key.get(("青禾镇", 2024), held.entries[0])["id"]
    maipo = held.by_key.get(("麦坡镇", 2024), held.entries[0])["id"]
    elsewhere = world.folder("dotenv")
    (elsewhere / ".env").write_text(f"REPORTBOT_LIBRARY={held.path}\n", encoding="utf-8")
    texts = {e["id"]: call(held.path, "text", e["id"]) for e in held.entries}
    return SimpleNamespace(
        listed=call(held.path, "list", "--json"),
        by_environment=call(None, "list", env={"REPORTBOT_LIBRARY": str(held.path)}, cwd=held.path.parent),
        by_dotenv=call(None, "list", "--json", cwd=elsewhere),
        shown=call(held.path, "show", qinghe), shown_json=call(held.path, "show", qinghe, "--json"),
        cleaned=call(held.path, "show", maipo, "--json"),
        verified=call(held.path, "verify"), text_runs=texts, texts={i: run.out for i, run in texts.items()})


@scenario
def options(world):
    """A text that is no report, told nothing; another with every option; a good file beside a bad one."""
    folder = world.folder("options")
    tale, notes, empty = folder / "梨树.txt", folder / "notes.txt", folder / "空.txt"
    tale.write_text(reports.NO_REPORT, encoding="utf-8")
    notes.write_text(reports.NO_REPORT.replace("梨树", "桃树"), encoding="utf-8")
    empty.write_bytes(b"")
    return SimpleNamespace(
        tale=tale, empty=empty,
        mixed=call(folder / "library", "add", tale, empty, "--json"),
        told=call(folder / "library", "add", notes, "--place", "云溪镇", "--plan-year", "2025", "--review-year", "2024",
                  "--title", "云溪镇工作要点", "--json"),
        listed=call(folder / "library", "list", "--json"))


@scenario
def refusals(world):
    """Each bad input alone, on one library; what the library held before and after."""
    path = world.copy_of("small", "refusals")
    folder = path.parent
    good = folder / "good.docx"
    reports.write_docx(good)
    inputs = {
        "missing": folder / "不存在.txt", "empty": folder / "空文件.txt", "unsupported": folder / "报告.xyz",
        "damaged": folder / "损坏.docx", "junk": folder / "乱码.txt"}
    inputs["empty"].write_bytes(b"")
    inputs["unsupported"].write_text(reports.SHIQIAO_REVISED, encoding="utf-8")
    inputs["damaged"].write_bytes(good.read_bytes()[:len(good.read_bytes()) // 2])
    inputs["junk"].write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00" + random.Random(7).randbytes(5001))
    before = tree(path)
    runs = {name: call(path, "add", source, "--json") for name, source in inputs.items()}
    return SimpleNamespace(path=path, inputs=inputs, runs=runs, before=before, after=tree(path),
                           listed=call(path, "list", "--json"))


@scenario
def usage(world):
    path = world.result("small").path
    return {"no such command": call(None, "fly", cwd=path.parent), "add without a path": call(path, "add"),
            "no such option": call(path, "list", "--colour"), "k is no number": call(path, "search", "财政收入", "-k", "many")}


@scenario
def unknown_ids(world):
    path = world.copy_of("small", "unknown")
    runs = {command: call(path, command, "4711") for command in ("show", "remove")}
    runs["edit"] = call(path, "edit", "4711", "--place", "云溪镇")
    return runs


@scenario
def settings(world):
    path = world.result("small").path
    return SimpleNamespace(wrong=call(path, "list", env={"LOG_LEVEL": "loudest"}), bot=call(path, "run", timeout=20))


# -- outcomes of add ---------------------------------------------------------------------------------------------------

@scenario
def twice(world):
    """The same content again under another name; then another text for a place and year that are held."""
    held, path = world.result("small"), world.copy_of("small", "twice")
    again, revised = path.parent / "另一个名字.txt", path.parent / "石桥修订.txt"
    shutil.copyfile(held.source, again)
    revised.write_text(reports.SHIQIAO_REVISED, encoding="utf-8")
    duplicate = call(path, "add", again, "--json")
    conflict = call(path, "add", revised, "--json")
    listed = call(path, "list", "--json")
    kept = call(path, "add", revised, "--keep-both", "--json")
    return SimpleNamespace(
        duplicate=duplicate, conflict=conflict, listed=listed, kept=kept, both=call(path, "list", "--json"),
        replies=ask_all(path, ["石桥镇2023年财政收入是多少"]))


@scenario
def replaced(world):
    held, path = world.result("small"), world.copy_of("small", "replaced")
    revised = path.parent / "石桥修订.txt"
    revised.write_text(reports.SHIQIAO_REVISED, encoding="utf-8")
    added = call(path, "add", revised, "--replace", held.shiqiao, "--json")
    rebuilt = call(path, "rebuild")
    return SimpleNamespace(
        added=added, rebuilt=rebuilt, listed=call(path, "list", "--json"),
        other=call(path, "text", held.maipo), verified=call(path, "verify"),
        replies=ask_all(path, ["石桥镇2023年财政收入是多少"], ["麦坡镇2023年财政收入是多少"]))


@scenario
def corrected(world):
    """Remove one report of the file, correct the other, derive everything again."""
    held, path = world.result("small"), world.copy_of("small", "corrected")
    removed = call(path, "remove", held.shiqiao)
    gone = call(path, "text", held.shiqiao)
    edited = call(path, "edit", held.maipo, "--place", "云溪镇", "--plan-year", "2026", "--review-year", "2025",
                  "--title", "云溪镇2025年政府工作报告")
    listed = call(path, "list", "--json")
    rebuilt = call(path, "rebuild")
    return SimpleNamespace(
        removed=removed, gone=gone, edited=edited, listed=listed, rebuilt=rebuilt,
        relisted=call(path, "list", "--json"), retext=call(path, "text", held.maipo), verified=call(path, "verify"),
        replies=ask_all(path, ["云溪镇改厕完成了多少户"], ["石桥镇2023年财政收入是多少"]))


# -- questions ---------------------------------------------------------------------------------------------------------

@scenario
def replies(world):
    """Every question of contract_questions through one process: {id: reply}, and the run itself under None."""
    import contract_questions
    path = world.result("library").path
    sent = "".join(json.dumps({"id": case.id, "turns": list(case.turns)}, ensure_ascii=False) + "\n"
                   for case in contract_questions.CASES)
    run = call(path, "batch", stdin=sent.encode())
    assert run.code == 0, run
    return {None: run} | {reply.get("id"): reply for reply in run.lines}


LONG = "青禾镇2024年地区生产总值增长目标是多少" + "请认真回答" * 2000
GOOD = "青禾镇2023年规上工业总产值完成了多少"
ODD_LINES = {
    "first": json.dumps({"id": "first", "turns": [GOOD]}),
    "not json": "青禾镇2024年GDP目标是多少",
    "a list": "[1, 2, 3]",
    "no turns": '{"id": "no turns"}',
    "empty turns": '{"id": "empty turns", "turns": []}',
    "turn of another type": '{"id": "turn of another type", "turns": [5]}',
    "empty question": '{"id": "empty question", "turns": [""]}',
    "white space": '{"id": "white space", "turns": [" \\u3000\\n\\t "]}',
    "long": json.dumps({"id": "long", "turns": [LONG[:10000]]}),
    "control characters": json.dumps({"id": "control characters", "turns": ["青禾镇\x00\x1b[31m\x07\x08" + GOOD[3:]]}),
    "half a surrogate": '{"id": "half a surrogate", "turns": ["青禾镇\\ud83d2023年规上工业总产值"]}',
    "not utf-8": b'{"id": "not utf-8", "turns": ["\xff\xfe\xc7\xe0"]}',
    "line separator": json.dumps({"id": "line separator", "turns": ["青禾镇2023年规上工业\u2028总产值完成了多少"]},
                                 ensure_ascii=False),
    "number as id": json.dumps({"id": 7, "turns": [GOOD]}),
    "last": json.dumps({"id": "last", "turns": [GOOD]}),
}


@scenario
def odd_lines(world):
    path = world.result("library").path
    sent = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in ODD_LINES.values())
    run = call(path, "batch", stdin=sent)
    found = run.lines if run.code == 0 else []
    return SimpleNamespace(run=run, found=found, by_name=dict(zip(ODD_LINES, found)))


@scenario
def asked(world):
    path = world.result("library").path
    return SimpleNamespace(
        plain=call(path, "ask", "青禾镇2023年规上工业总产值完成了多少"),
        followed=call(path, "ask", "青禾镇2024年GDP增长目标是多少", "那望川区呢", "--json"),
        absent=call(path, "ask", "沙溪镇2024年GDP增长目标是多少", "--json"),
        related=call(path, "ask", "青禾镇2024年粮食总产量目标是多少"),
        empty=call(path, "ask", ""), long=call(path, "ask", LONG[:10000]),
        control=call(path, "ask", "青禾镇\x1b[31m\x07\x082023年规上工业总产值完成了多少"))


@scenario
def searched(world):
    path = world.result("library").path
    return SimpleNamespace(plain=call(path, "search", "粮食总产量"),
                           json=call(path, "search", "青禾镇2023年粮食总产量", "-k", "3", "--json"))


@scenario
def console(world):
    """A question and /quit typed at a terminal."""
    path = world.result("library").path
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    env = environment(TERM="xterm", LINES="50", HOME=str(world.folder("home")))  # a history file belongs to no user
    process = subprocess.Popen(
        [str(REPORTBOT), "console", "--library", str(path)], cwd=path.parent, env=env, start_new_session=True,
        stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    screen = bytearray()

    def read_until(done, seconds):
        deadline, quiet = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < deadline and not done(time.monotonic() - quiet):
            if select.select([leader], [], [], 0.1)[0]:
                try:
                    piece = os.read(leader, 65536)
                except OSError:  # Linux: the other end is closed
                    return
                if not piece:
                    return
                if b"\x1b[6n" in piece:  # prompt_toolkit asks where the cursor is and waits for a terminal's answer
                    os.write(leader, b"\x1b[1;1R")
                screen.extend(piece)
                quiet = time.monotonic()

    read_until(lambda quiet: screen and quiet > 0.8, 30)
    os.write(leader, "青禾镇2023年规上工业总产值完成了多少\r".encode())
    read_until(lambda quiet: "12.6亿元" in squeeze(screen.decode(errors="replace")) and quiet > 0.5, 12)
    os.write(leader, b"/quit\r")
    read_until(lambda quiet: process.poll() is not None, 10)
    try:
        ended = process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        ended = process.wait()
    os.close(leader)
    return SimpleNamespace(code=ended, screen=screen.decode(errors="replace"))


# -- damage ------------------------------------------------------------------------------------------------------------

@scenario
def broken_index(world):
    """Junk in place of the index; then no index at all; then `rebuild`."""
    path = world.copy_of("small", "index")
    index = index_file(path)
    if index is None:
        return None
    index.write_bytes(b"this is no index")
    junk = call(path, "verify")
    index.unlink()
    rebuilt = call(path, "rebuild")
    return SimpleNamespace(junk=junk, rebuilt=rebuilt, verified=call(path, "verify"), exists=any(path.glob("*.faiss")),
                           replies=ask_all(path, ["石桥镇2023年财政收入是多少"]))


@scenario
def broken_originals(world):
    held, path = world.result("small"), world.copy_of("small", "originals")
    kept = stored_originals(path, held.source)
    if not kept:
        return None
    kept[0].write_bytes(kept[0].read_bytes().replace(b"3180", b"3810"))
    changed = call(path, "verify")
    kept[0].unlink()
    return SimpleNamespace(name=kept[0].name, changed=changed, missing=call(path, "verify"))


def plain_columns(connection):
    """(table, column) of every table that is neither virtual nor a shadow of a virtual one."""
    tables = connection.execute("select name, sql from sqlite_master where type = 'table'").fetchall()
    virtual = [name for name, sql in tables if (sql or "").upper().startswith("CREATE VIRTUAL")]
    for name, sql in tables:
        if name in virtual or name.startswith(("sqlite_", *(f"{v}_" for v in virtual))):
            continue
        for column in connection.execute(f'pragma table_info("{name}")'):
            yield name, column[1]


def tamper(path, wanted, change):
    """Change the first text in the database that `wanted` accepts; return where it stood, None where nothing could be."""
    found = database(path)
    if found is None:
        return None
    connection = sqlite3.connect(found)
    try:
        for table, column in list(plain_columns(connection)):
            try:
                rows = connection.execute(f'select rowid, "{column}" from "{table}" where typeof("{column}") = \'text\'')
                for rowid, value in rows.fetchall():
                    if wanted(value):
                        connection.execute(f'update "{table}" set "{column}" = ? where rowid = ?', (change(value), rowid))
                        connection.commit()
                        return f"{table}.{column}"
            except sqlite3.Error:  # no rowid, or a function or trigger that only the product knows
                connection.rollback()
    finally:
        connection.close()
    return None


@scenario
def broken_text(world):
    """One figure changed in the canonical text that the database holds."""
    path = world.copy_of("small", "text")
    where = tamper(path, lambda v: len(v) > 200 and "财政收入3180万元" in v and "石桥花椒" in v,
                   lambda v: v.replace("3180", "3810"))
    return where and SimpleNamespace(where=where, verified=call(path, "verify"))


@scenario
def broken_passage(world):
    """One figure changed in a stored sentence."""
    path = world.copy_of("small", "passage")
    where = tamper(path, lambda v: len(v) < 120 and "全年实现财政收入3180万元" in v, lambda v: v.replace("3180", "3810"))
    return where and SimpleNamespace(where=where, verified=call(path, "verify"))


def later(value):
    return type(value)(int(value) + 1000)


def raise_schema(connection):
    """Make the database say it is of a far later schema; False where its version can't be told from outside.

    Tried in turn: SQLite's own user_version, a row `schema_version` in a table of keys and values, a table with a
    column `version`, a table of applied migrations by name (as sqlite-utils keeps it).
    """
    version = connection.execute("pragma user_version").fetchone()[0]
    if version > 0:
        connection.execute(f"pragma user_version = {version + 1000}")
        return True
    columns = list(plain_columns(connection))
    for table, key in columns:
        row = connection.execute(f'select rowid from "{table}" where typeof("{key}") = \'text\' '
                                 f'and "{key}" like \'%schema%version%\' and length("{key}") < 40').fetchone()
        for value_table, column in columns if row else ():
            value = value_table == table and connection.execute(
                f'select "{column}" from "{table}" where rowid = ?', row).fetchone()[0]
            if value and re.fullmatch(r"\d+", str(value)):
                connection.execute(f'update "{table}" set "{column}" = ? where rowid = ?', (later(value), row[0]))
                return True
    for table, column in columns:
        if column in ("version", "schema_version") and re.search("schema|version|migration|meta", table):
            row = connection.execute(f'select rowid, "{column}" from "{table}" order by "{column}" desc').fetchone()
            if row and re.fullmatch(r"\d+", str(row[1])):
                connection.execute(f'update "{table}" set "{column}" = ? where rowid = ?', (later(row[1]), row[0]))
                return True
    for table, column in columns:
        if column == "name" and "migration" in table:
            others = [c for t, c in columns if t == table and c not in ("id", "name")]
            copied = "".join(f', "{c}"' for c in others)
            connection.execute(f'insert into "{table}" (name{copied}) '
                               f'select \'m9999_of_a_later_version\'{copied} from "{table}" limit 1')
            return True
    return False


def raised_schema(path):
    connection = sqlite3.connect(database(path))
    try:
        with connection:
            return raise_schema(connection)
    except sqlite3.Error:
        return False
    finally:
        connection.close()


@scenario
def newer_schema(world):
    path = world.copy_of("small", "newer")
    if database(path) is None or not raised_schema(path):
        return None
    extra = path.parent / "extra.txt"
    extra.write_text(reports.plain_town("松坪镇", 3), encoding="utf-8")
    before = tree(path)
    return SimpleNamespace(listed=call(path, "list"), added=call(path, "add", extra), before=before, after=tree(path))


# -- two processes -----------------------------------------------------------------------------------------------------

@scenario
def side_by_side(world):
    """Two `add`s started together on a folder that is no library yet."""
    folder = world.folder("together")
    path = folder / "library"
    arguments = []
    for name in ("松坪镇", "柏岭镇"):
        source = folder / f"{name}.txt"
        source.write_text(reports.plain_town(name, 10), encoding="utf-8")
        arguments.append(["add", str(source), "--json", "--library", str(path)])
    processes = [start(a, folder) for a in arguments]
    runs = [finish(process, a) for process, a in zip(processes, arguments)]
    return SimpleNamespace(runs=runs, listed=call(path, "list", "--json"), verified=call(path, "verify"))
