"""Plain text: which encoding its bytes are in, never lossy in silence."""

from __future__ import annotations

from retrieval.errors import UnreadableFile

# Characters that make up well over a third of any Chinese official text: the most frequent hanzi, and punctuation.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党"
    "程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "府告报镇省市县村委目标增务安推治全加强企持项建设，。、；：！？（）《》“”—…·％0123456789\n"
)
_MINIMUM_FREQUENT = 0.25
_MAXIMUM_CONTROL = 0.01


def decode(content: bytes, name: str) -> str:
    """``content`` as text: by its byte order mark, else as the one encoding under which it reads as text.

    UTF-8 is self-checking, so bytes that are valid UTF-8 are UTF-8. GB18030 and UTF-16 accept nearly any bytes, so
    the more plausible reading is taken: the one with the larger share of frequent characters. Raises UnreadableFile
    where none is plausible.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            text = decode_strictly(content, encoding)
            if text is None:
                raise UnreadableFile(file=name)
            return text
    text = decode_strictly(content, "utf-8")
    if text is not None and _control_share(text) <= _MAXIMUM_CONTROL:
        return text
    readings = [decode_strictly(content, encoding) for encoding in ("gb18030", "utf-16-le", "utf-16-be")]
    best = max((r for r in readings if r is not None), key=frequent_share, default=None)
    if best is None or frequent_share(best) < _MINIMUM_FREQUENT or _control_share(best) > _MAXIMUM_CONTROL:
        raise UnreadableFile(file=name)
    return best


def decode_strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def frequent_share(text: str) -> float:
    """The share of characters that are frequent in official texts."""
    sample = text[:20_000]
    return sum(char in _FREQUENT for char in sample) / max(len(sample), 1)


def _control_share(text: str) -> float:
    """The share of control and private-use characters, which no text has and misread bytes have plenty of."""
    sample = text[:20_000]
    bad = sum((ord(char) < 32 and char not in "\t\n\r\f\v") or 0xE000 <= ord(char) < 0xF900 for char in sample)
    return bad / max(len(sample), 1)


def reads_as_text(content: bytes) -> bool:
    """Whether bytes without a mark of any format are Chinese text, whatever their name says."""
    try:
        text = decode(content, "")
    except UnreadableFile:
        return False
    return frequent_share(text) >= _MINIMUM_FREQUENT and _control_share(text) <= _MAXIMUM_CONTROL
