"""What is drawn for a row. It depends on the seed and the row's place alone: no order of work changes it."""

from dataclasses import dataclass
from hashlib import blake2b

_KEY_BYTES = 8
KEY_BITS = 8 * _KEY_BYTES


@dataclass(frozen=True)
class Draws:
    """For the rows of one shard: `source` and `shard` are its numbers in the mixture."""

    seed: int
    source: int
    shard: int

    def share(self, row: int) -> float:
        """Uniform in [0, 1): whether the row belongs to a fraction."""
        return self._bits("share", row) / 2**KEY_BITS

    def swapped(self, row: int) -> bool:
        """Whether the second language comes first: half of all pairs, so that both directions are seen."""
        return bool(self._bits("side", row) & 1)

    def key(self, row: int, repetition: int) -> int:
        """The row's place in the shuffled order: rows are sorted by it. 64 bits."""
        return self._bits(f"order {repetition}", row)

    def _bits(self, purpose: str, row: int) -> int:
        text = f"{self.seed}/{self.source}/{self.shard}/{row}/{purpose}"
        return int.from_bytes(blake2b(text.encode(), digest_size=_KEY_BYTES).digest(), "big")
