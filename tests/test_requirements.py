"""What is installed is named by its hash, and is what the tests ran with; the units that run it have limits."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def locked() -> dict[str, tuple[str, list[str]]]:
    """The version and the hashes of each package."""
    found = {}
    for block in re.split(r"\n(?=[A-Za-z])", (ROOT / "requirements.txt").read_text(encoding="utf-8")):
        version = re.match(r"[A-Za-z0-9._-]+==(\S+)", block)
        assert version, block
        found[name(block)] = (version[1], re.findall(r"--hash=sha256:([0-9a-f]{64})\b", block))
    return found


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {name(line): line.split("==")[1] for line in lines if "==" in line}


def test_all_that_the_program_needs_is_there_by_its_hash():
    found = locked()
    needed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["build"]]
    assert [one for one in needed if name(one) not in found] == []
    assert [package for package, (_, hashes) in found.items() if not hashes] == []


def test_versions_are_those_that_the_tests_ran_with():
    pins = pinned()
    differing = {package: version for package, (version, _) in locked().items() if pins.get(package, version) != version}
    assert differing == {}


def test_no_file_names_where_packages_come_from():
    for file in ("requirements.txt", "constraints.txt", "pyproject.toml", "Makefile", "Dockerfile"):
        assert not re.search(r"https?://", (ROOT / file).read_text(encoding="utf-8")), file


def test_the_container_has_limits_and_no_privileges():
    bot = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert bot["read_only"]
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "pids_limit", "ulimits"} <= bot.keys()
    assert "USER reportbot" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_unit_has_limits_and_no_privileges():
    unit = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / "deploy" / "reportbot.service").read_text(encoding="utf-8"), re.M))
    for setting, value in (
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("UMask", "0077"),
        ("ProtectSystem", "strict"),
    ):
        assert unit[setting] == value
    assert {"MemoryMax", "TasksMax", "LimitCORE"} <= unit.keys()
