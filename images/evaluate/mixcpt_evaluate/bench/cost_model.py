"""The arithmetic and the memory traffic that every implementation of a Llama needs.

The terms are those of the model's config.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ModelShape:
    """`layer_weights` and `attention_width` are of all layers, `top_key_value_weights` of one."""

    layers: int
    layer_weights: int
    top_key_value_weights: int
    attention_width: int
    key_value_width: int
    output_weights: int
    bytes_per_number: int


def count_prefill_flops(shape: ModelShape, lengths: Sequence[int]) -> float:
    """Counts 2 operations for each weight and token, and for attention 4 x width for each token and each up to it."""
    pairs = sum(length * (length + 1) / 2 for length in lengths)
    return 2.0 * shape.layer_weights * sum(lengths) + 4.0 * shape.attention_width * pairs


def count_classification_flops(shape: ModelShape, lengths: Sequence[int]) -> float:
    """Counts a prefill without the part of the last layer that a classification can skip.

    Before the last position only its keys and values are needed.
    """
    skipped_tokens = sum(lengths) - len(lengths)
    pairs = sum(length * (length - 1) / 2 for length in lengths)
    skipped_weights = shape.layer_weights / shape.layers - shape.top_key_value_weights
    skipped_attention = 4.0 * shape.attention_width / shape.layers * pairs
    return count_prefill_flops(shape, lengths) - 2.0 * skipped_weights * skipped_tokens - skipped_attention


def count_decode_step(shape: ModelShape, lengths: Sequence[int]) -> tuple[float, float]:
    """Returns the FLOPs and bytes of one more token for every sequence.

    All weights are read once, and the cache of each sequence once.
    """
    rows, cached = len(lengths), sum(lengths)
    weights = shape.layer_weights + shape.output_weights
    flops = 2.0 * weights * rows + 4.0 * shape.attention_width * cached
    return flops, float(shape.bytes_per_number * (weights + 2 * shape.key_value_width * cached))


def estimate_decode_seconds(
    shape: ModelShape,
    lengths: Sequence[int],
    new_tokens: int,
    *,
    flops_per_second: float,
    bytes_per_second: float,
) -> float:
    """Returns the least time in which all sequences together get `new_tokens` tokens each, prefill included.

    Each step is bound by its arithmetic or by its memory traffic, whichever takes longer.
    """
    total = count_prefill_flops(shape, lengths) / flops_per_second
    for written in range(1, new_tokens):
        flops, read = count_decode_step(shape, [length + written for length in lengths])
        total += max(flops / flops_per_second, read / bytes_per_second)
    return total
