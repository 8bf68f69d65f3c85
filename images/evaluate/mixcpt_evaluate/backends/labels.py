"""The tokens that represent labels, and the choice of a label from their logits."""

from collections.abc import Callable, Sequence

from mixcpt_store.errors import InputError


def find_label_tokens(
    encode: Callable[[str], list[int]], labels: Sequence[str], *, unknown: int | None, checkpoint: object
) -> list[int]:
    """Returns the last token of ` LABEL` for each label, as in the study; several labels may share one.

    `unknown` is the tokenizer's unknown token. Raises InputError when a label has no token, or when all labels
    end in the same one.
    """
    sequences = [encode(f" {label}") for label in labels]
    bad = [label for label, sequence in zip(labels, sequences, strict=True) if not sequence or sequence[-1] == unknown]
    if bad:
        raise InputError(f"{checkpoint}: the tokenizer has no token for the labels {', '.join(bad)}")
    tokens = [sequence[-1] for sequence in sequences]
    if len(set(tokens)) == 1:
        raise InputError(
            f"{checkpoint}: the tokenizer ends every label in the same token ({tokens[0]}), "
            "so the labels cannot be told apart"
        )
    return tokens


def select_label(logits: Sequence[float], labels: Sequence[str]) -> str:
    """Returns the label with the highest logit, among equal logits the later one in string order.

    `logits` are those of the labels' last tokens, in the order of `labels`.
    """
    return max(zip(logits, labels, strict=True))[1]


def is_near_tie(logits: Sequence[float], tokens: Sequence[int], *, tolerance: float) -> bool:
    """Returns whether a different token comes within `tolerance` of the highest logit, relative to that logit.

    Labels that end in the same token always tie; rounding cannot change that.
    """
    best, token = max(zip(logits, tokens, strict=True))
    rivals = [logit for logit, other in zip(logits, tokens, strict=True) if other != token]
    return bool(rivals) and best - max(rivals) <= tolerance * max(1.0, abs(best))
