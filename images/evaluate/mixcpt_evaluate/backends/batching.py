"""Groups sequences of similar length into batches, so that little is spent on padding."""

from collections.abc import Sequence


def group_into_batches(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Returns batches of indices into `lengths`, longest sequences first.

    A batch holds at most `batch_tokens` tokens, padding included. A longer sequence gets a batch to itself.
    """
    order = sorted(range(len(lengths)), key=lambda index: (-lengths[index], index))
    batches: list[list[int]] = []
    for index in order:
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= batch_tokens:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches
