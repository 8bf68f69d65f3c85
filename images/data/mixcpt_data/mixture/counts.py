"""Counts that add up: what each shard counted for itself becomes the statistics of the mixture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Counts = dict[str, Any]
"""Names to whole numbers, or to counts of their own."""


def add(total: Counts, more: Counts) -> Counts:
    """Adds `more` to `total` in place, name by name, and returns it."""
    for name, value in more.items():
        if isinstance(value, dict):
            add(total.setdefault(name, {}), value)
        else:
            total[name] = total.get(name, 0) + value
    return total


def sum_of(parts: Iterable[Counts]) -> Counts:
    total: Counts = {}
    for part in parts:
        add(total, part)
    return total


def times(counts: Counts, factor: int) -> Counts:
    return {name: times(value, factor) if isinstance(value, dict) else value * factor for name, value in counts.items()}


def count_text(text: str) -> Counts:
    """Whitespace-separated words, characters. Scripts without spaces have few words: read characters."""
    return {"rows": 1, "words": len(text.split()), "characters": len(text)}
