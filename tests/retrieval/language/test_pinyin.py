import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.language.pinyin import pinyin

READINGS = Path(__file__).parents[3] / "retrieval" / "language" / "lexicon" / "readings.txt"


@pytest.mark.parametrize(
    "name, written",
    [
        ("青禾镇", "qinghezhen"),
        ("重庆市", "chongqingshi"),
        ("重庆路街道", "chongqinglujiedao"),
        ("成都", "chengdu"),
        ("西藏自治区", "xizangzizhiqu"),
        ("长沙县", "changshaxian"),
        ("长子县", "zhangzixian"),
        ("佛山", "foshan"),
        ("漯河", "luohe"),
        ("六安", "luan"),
        ("乐清", "yueqing"),
        ("乐都", "ledu"),
        ("宁德", "ningde"),
    ],
)
def test_names_are_read_as_their_people_read_them(name, written):
    assert pinyin(name) == written


def test_what_is_no_common_character_stays():
    assert pinyin("𠮷林A镇\n1") == "𠮷lina镇\n1".replace("镇", "zhen")
    assert pinyin("") == ""


def test_the_large_dictionaries_do_not_stay():
    program = "import sys; from retrieval.language.pinyin import pinyin; pinyin('重庆'); print([m for m in sys.modules if 'pypinyin' in m])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "[]"


def test_every_common_character_is_read_as_the_package_reads_it():
    characters = "".join(map(chr, range(0x4E00, 0xA000)))
    own = {line.split()[0] for line in READINGS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"}
    program = "import pypinyin, sys; print(*pypinyin.lazy_pinyin(list(sys.stdin.read())), sep=',')"
    told = subprocess.run(
        [sys.executable, "-c", program],
        input=characters,
        env={**os.environ, "PYPINYIN_NO_PHRASES": "true", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    expected = dict(zip(characters, told.stdout.strip().split(","), strict=True))
    assert {one: pinyin(one) for one in characters if one not in own} == {one: r for one, r in expected.items() if one not in own}


def test_each_common_character_is_read_as_pypinyin_reads_it():
    from pypinyin import lazy_pinyin

    own = READINGS.read_text(encoding="utf-8")
    characters = [chr(code) for code in range(0x4E00, 0xA000) if chr(code) not in own]
    assert len(characters) > 20_000
    assert [pinyin(one) for one in characters] == [one.lower() for one in lazy_pinyin(characters)]
