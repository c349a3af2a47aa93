"""The reader of weight files: what it reads of a small one made by hand, and what it says of damaged ones."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from weight_files import PIECES, Written

from retrieval.embedding.weight_file import WeightFile
from retrieval.errors import DamagedWeights

# Scale 0.5; byte 0 holds 0 (low) and 15 (high), byte 1 holds 8 and 9, the others 8 and 8.
BLOCK = struct.pack("<e", 0.5) + bytes([0xF0, 0x98, *[0x88] * 14])


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "weights.bin"
        path.write_bytes(content)
        return path

    return write


def test_the_parts_are_read_as_they_were_written(write):
    written = Written()
    written.floats("emb.ln.w", [1.5, -2.0])
    with WeightFile(write(written.as_bytes())) as file:
        sizes = file.architecture
        assert (sizes.hidden, sizes.layers, sizes.heads, sizes.feed_forward) == (32, 1, 2, 64)
        assert (sizes.vocabulary, sizes.positions, sizes.types) == (7, 8, 2)
        assert sizes.epsilon == pytest.approx(1e-12)
        assert file.pieces.texts == PIECES
        assert (file.pieces.bos, file.pieces.eos, file.pieces.pad, file.pieces.unk) == (0, 2, 1, 3)
        assert file.pieces.scores[:3] == (0, -1, -2)
        assert file.pieces.normalisation == {"％": "%", "㎡": "m2", "\x01": ""}
        assert file.floats("emb.ln.w", 2).tolist() == [1.5, -2]


def test_a_block_holds_weight_j_in_its_low_and_weight_j_plus_16_in_its_high_nibble(write):
    written = Written()
    written.blocks("emb.word", 2, 64, BLOCK)
    with WeightFile(write(written.as_bytes())) as file:
        weights = file.blocks("emb.word", 2, 64).as_floats()
    expected = np.zeros(32)
    expected[[0, 16, 17]] = [(0 - 8) * 0.5, (15 - 8) * 0.5, (9 - 8) * 0.5]
    assert weights.shape == (2, 64)
    assert weights.tolist() == np.tile(expected, (2, 2)).tolist()


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"magic": b"E5S2"}, "E5S1"),
        ({"version": 2}, "2"),
        ({"block": 64}, "文件头"),
        ({"sizes": (32, 0, 2, 64, 7, 8, 2)}, "文件头"),
        ({"sizes": (33, 1, 2, 64, 7, 8, 2)}, "文件头"),
        ({"sizes": (32, 1, 2, 64, 6, 8, 2)}, "分词表"),  # more pieces than rows of the embedding
        ({"epsilon": float("nan")}, "文件头"),
        ({"specials": (0, 2, 1, 7)}, "分词表"),
        ({"offsets": [0, 3, 8, 12, 17, 16, 23, 29]}, "分词表"),
        ({"offsets": [0, 3, 8, 12, 17, 20, 23, 4_000_000_000]}, "分词表"),
        ({"pieces": b"\xff" * 29}, "分词表"),
    ],
)
def test_what_the_format_does_not_allow_is_named(write, changed, said):
    with pytest.raises(DamagedWeights) as error:
        WeightFile(write(Written(**changed).as_bytes()))
    assert said in error.value.user_message


def test_a_file_cut_anywhere_is_refused(write):
    written = Written()
    written.floats("emb.ln.w", [1.0, 2.0])
    whole = written.as_bytes()
    for length in range(len(whole)):
        with pytest.raises(DamagedWeights), WeightFile(write(whole[:length])) as file:
            file.floats("emb.ln.w", 2)


def test_a_normalisation_map_that_does_not_fill_its_bytes_is_refused(write):
    whole = Written(normalisation={}).as_bytes()
    at = len(whole) - 12
    with pytest.raises(DamagedWeights) as error:
        WeightFile(write(whole[:at] + struct.pack("<iI", 1, 0) + whole[at + 8 :]))
    assert "归一" in error.value.user_message


@pytest.mark.parametrize("name, shape", [("missing", (2,)), ("emb.ln.w", (3,))])
def test_a_tensor_that_is_missing_or_of_another_size_is_named(write, name, shape):
    written = Written()
    written.floats("emb.ln.w", [1.0, 2.0])
    with WeightFile(write(written.as_bytes())) as file, pytest.raises(DamagedWeights) as error:
        file.floats(name, *shape)
    assert name in error.value.user_message


def test_a_tensor_of_another_type_or_without_finite_values_is_refused(write):
    written = Written()
    written.floats("numbers", [float("nan")] * 32)
    written.blocks("blocks", 1, 32, struct.pack("<e", float("inf")) + BLOCK[2:])
    with WeightFile(write(written.as_bytes())) as file:
        for read in (
            lambda: file.blocks("numbers", 1, 32),
            lambda: file.floats("blocks", 32),
            lambda: file.floats("numbers", 32),
            lambda: file.blocks("blocks", 1, 32),
        ):
            with pytest.raises(DamagedWeights):
                read()


@pytest.mark.parametrize("content", [None, b""])
def test_a_file_that_is_missing_or_empty_is_named(write, tmp_path, content):
    path = tmp_path / "none.bin" if content is None else write(content)
    with pytest.raises(DamagedWeights) as error:
        WeightFile(path)
    assert path.name in error.value.user_message
