"""Which token stands for a label."""

from collections.abc import Callable, Sequence

from mixcpt_store.errors import InputError


def label_tokens(
    encode: Callable[[str], list[int]], labels: Sequence[str], unknown: int | None, checkpoint: object
) -> list[int]:
    """The last token of ` LABEL` for each label, as in the study; several labels may share one.

    Raises InputError when a label has no token, or the same token stands for all of them.
    """
    sequences = [encode(f" {label}") for label in labels]
    bad = [label for label, sequence in zip(labels, sequences, strict=True) if not sequence or sequence[-1] == unknown]
    if bad:
        raise InputError(f"the tokenizer of {checkpoint} has no token for the labels {', '.join(bad)}")
    tokens = [sequence[-1] for sequence in sequences]
    if len(set(tokens)) == 1:
        raise InputError(
            f"the tokenizer of {checkpoint} ends every label in the same token ({tokens[0]}): it cannot tell them apart"
        )
    return tokens
