"""What must be computed and read, whoever does it. Counts of a Llama in its config's own words."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """`layer_weights` and `attention_width` are of all layers, `top_key_value_weights` of one."""

    layers: int
    layer_weights: int
    top_key_value_weights: int
    attention_width: int
    key_value_width: int
    output_weights: int
    bytes_per_number: int


def prefill_flops(shape: Shape, lengths: Sequence[int]) -> float:
    """Two operations for a weight and a token; for attention four for a token and each one up to it."""
    pairs = sum(length * (length + 1) / 2 for length in lengths)
    return 2.0 * shape.layer_weights * sum(lengths) + 4.0 * shape.attention_width * pairs


def classify_flops(shape: Shape, lengths: Sequence[int]) -> float:
    """As much, less what the last layer need not do: before the last position it owes keys and values."""
    unasked = sum(lengths) - len(lengths)
    pairs = sum(length * (length - 1) / 2 for length in lengths)
    spared = shape.layer_weights / shape.layers - shape.top_key_value_weights
    attention = 4.0 * shape.attention_width / shape.layers * pairs
    return prefill_flops(shape, lengths) - 2.0 * spared * unasked - attention


def decode_step(shape: Shape, lengths: Sequence[int]) -> tuple[float, float]:
    """FLOPs and bytes of one more token for every sequence: all weights are read once, each cache once."""
    rows, cached = len(lengths), sum(lengths)
    weights = shape.layer_weights + shape.output_weights
    flops = 2.0 * weights * rows + 4.0 * shape.attention_width * cached
    return flops, float(shape.bytes_per_number * (weights + 2 * shape.key_value_width * cached))


def decode_seconds(
    shape: Shape, lengths: Sequence[int], new_tokens: int, flops_a_second: float, bytes_a_second: float
) -> float:
    """All sequences at once, prompts first: the least time in which they get `new_tokens` each."""
    total = prefill_flops(shape, lengths) / flops_a_second
    for written in range(1, new_tokens):
        flops, read = decode_step(shape, [length + written for length in lengths])
        total += max(flops / flops_a_second, read / bytes_a_second)
    return total
