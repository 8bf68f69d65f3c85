"""Random values for rows. They depend only on the seed and the row's position, not on the order of processing."""

from dataclasses import dataclass
from hashlib import blake2b

_SORT_KEY_BYTES = 8
SORT_KEY_BITS = 8 * _SORT_KEY_BYTES


@dataclass(frozen=True)
class RowSampling:
    """The random values of one shard's rows. `source` and `shard` are its indices in the mixture."""

    seed: int
    source: int
    shard: int

    def draw_share(self, row: int) -> float:
        """Returns a uniform value in [0, 1); a source with a `fraction` keeps the rows below it."""
        return self._hash_bits("share", row) / (1 << SORT_KEY_BITS)

    def is_swapped(self, row: int) -> bool:
        """Returns True for half of all pairs: their second language comes first, so that both directions occur."""
        return bool(self._hash_bits("side", row) & 1)

    def draw_sort_key(self, row: int, repetition: int) -> int:
        """Returns the 64-bit key by which the rows of a repetition are sorted."""
        return self._hash_bits(f"order {repetition}", row)

    def _hash_bits(self, purpose: str, row: int) -> int:
        text = f"{self.seed}/{self.source}/{self.shard}/{row}/{purpose}"
        return int.from_bytes(blake2b(text.encode(), digest_size=_SORT_KEY_BYTES).digest(), "big")
