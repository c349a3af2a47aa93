"""The layers that were learned, and the network that they stand in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from weight_files import HIDDEN, Written

from retrieval.embedding import learned_layers, model_building
from retrieval.embedding.learned_layers import LARGEST, Network, packed, unpacked
from retrieval.embedding.weight_file import WeightFile

RNG = np.random.default_rng(7)
MATRIX = RNG.normal(size=(HIDDEN, HIDDEN)).astype(np.float32)
BIAS = RNG.normal(size=HIDDEN).astype(np.float32)


def test_a_matrix_is_kept_to_half_a_step_of_each_output():
    kept = unpacked(packed({"l0.q.w": MATRIX, "l0.q.b": BIAS}))
    assert set(kept) == {"l0.q.w", "l0.q.b"}
    assert (kept["l0.q.b"] == BIAS).all()
    assert (np.abs(kept["l0.q.w"] - MATRIX) <= np.abs(MATRIX).max(axis=1, keepdims=True) / LARGEST / 2 + 1e-6).all()


def test_what_was_kept_is_kept_again_as_it_is():
    kept = unpacked(packed({"l0.q.w": MATRIX}))
    assert np.allclose(unpacked(packed(kept))["l0.q.w"], kept["l0.q.w"], atol=1e-6)


def test_a_row_of_zeros_stays_one():
    assert (unpacked(packed({"l0.q.w": np.zeros((2, 4), np.float32)}))["l0.q.w"] == 0).all()


def test_the_network_has_what_was_learned_and_else_what_the_file_has(tmp_path: Path):
    written = Written()
    for name in ("l0.q.w", "l0.k.w"):
        written.blocks(name, HIDDEN, HIDDEN, bytes([0, 0x3C]) + bytes([0x99] * 16))  # each weight 1.0
    for name in ("l0.q.b", "l0.k.b"):
        written.floats(name, [0.5] * HIDDEN)
    path = tmp_path / "weights.bin"
    path.write_bytes(written.as_bytes())
    with WeightFile(path) as file:
        network = Network(file, {"l0.q.w": MATRIX, "l0.q.b": BIAS})
        assert (network.matrix("l0.q.w", HIDDEN, HIDDEN) == MATRIX).all()
        assert (network.floats("l0.q.b", HIDDEN) == BIAS).all()
        assert (network.matrix("l0.k.w", HIDDEN, HIDDEN) == 1).all()
        assert (network.floats("l0.k.b", HIDDEN) == 0.5).all()
        assert network.architecture == file.architecture


def test_the_installed_layers_are_the_last_of_the_installed_model():
    layers = unpacked(learned_layers.learned())
    with WeightFile(model_building.installed_source().path) as file:
        sizes = file.architecture
        numbers = sorted({int(name[1:].partition(".")[0]) for name in layers})
        assert numbers == list(range(sizes.layers - len(numbers), sizes.layers))
        for name, values in layers.items():
            assert np.isfinite(values).all()
            if values.ndim == 1:
                assert file.floats(name, len(values)).shape == values.shape
            else:
                assert file.blocks(name, *values.shape).as_floats().shape == values.shape


def test_other_layers_are_another_model(monkeypatch: pytest.MonkeyPatch):
    source = model_building.installed_source()
    name = model_building.recipe_name(source)
    monkeypatch.setattr(learned_layers, "version", lambda: "0" * 64)
    assert model_building.recipe_name(source) != name
