"""The study's seeds: one per test item, drawn in the order of the file."""

from random import Random


def item_seeds(seed: int, items: int) -> list[int]:
    """The numbers that `random.seed(seed)` and one `random.randint(0, 1000)` per item give."""
    random = Random(seed)
    return [random.randint(0, 1000) for _ in range(items)]
