import subprocess
import sys

import pytest

from retrieval.pinyin import pinyin


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


def test_the_large_dictionary_of_phrases_is_not_loaded():
    program = "import sys; from retrieval.pinyin import pinyin; pinyin('重庆'); print('pypinyin.phrases_dict' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "False"
