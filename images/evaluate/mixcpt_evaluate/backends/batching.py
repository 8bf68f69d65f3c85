"""Groups sequences of about equal length, so that little is spent on padding."""

from collections.abc import Sequence


def batches(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Indices into `lengths`, longest sequences first; a batch holds at most `batch_tokens` tokens with
    padding.

    A sequence that is longer than that is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda index: (-lengths[index], index))
    result: list[list[int]] = []
    for index in order:
        if result and (len(result[-1]) + 1) * lengths[result[-1][0]] <= batch_tokens:
            result[-1].append(index)
        else:
            result.append([index])
    return result
