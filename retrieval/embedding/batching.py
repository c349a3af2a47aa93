"""Batches of texts of like length, so that little of what a model computes is padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def by_length(lengths: Sequence[int]) -> list[int]:
    """The positions of the texts, from the longest to the shortest: the first batch needs the most memory."""
    return sorted(range(len(lengths)), key=lambda position: -lengths[position])


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """The positions of all texts in batches of at most ``budget`` tokens, padding included; one text at least."""
    batch: list[int] = []
    for position in by_length(lengths):
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
