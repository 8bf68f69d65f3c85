"""What an evaluation asks of a model, whatever runs it."""

from collections.abc import Sequence
from typing import Protocol

from mixcpt_evaluate.task_spec import Generation

# The study ends a translation at a newline or at the two characters backslash and n.
STOPS = ("\n", "\\n")


class Classifier(Protocol):
    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        """For each prompt the label whose last token has the highest logit after the prompt's last token.

        Equal logits: the later label in string order.
        """
        ...


class Translator(Protocol):
    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
        """For each prompt the continuation up to the first of STOPS, without it."""
        ...


def up_to_stop(text: str) -> str:
    ends = [position for stop in STOPS if (position := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text


def best_label(logits: Sequence[float], labels: Sequence[str]) -> str:
    """`logits` are those of the labels' last tokens, in the order of `labels`."""
    return max(zip(logits, labels, strict=True))[1]


def is_close(logits: Sequence[float], tokens: Sequence[int], tolerance: float) -> bool:
    """Whether two different tokens compete for the first place within `tolerance`, relative to the logit.

    Labels that end in the same token always tie, and rounding has no part in that.
    """
    best, token = max(zip(logits, tokens, strict=True))
    rivals = [logit for logit, other in zip(logits, tokens, strict=True) if other != token]
    return bool(rivals) and best - max(rivals) <= tolerance * max(1.0, abs(best))
