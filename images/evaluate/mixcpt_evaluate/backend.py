"""What an evaluation asks of a model, whatever runs it."""

from collections.abc import Sequence
from typing import Protocol

from mixcpt_evaluate.task_spec import Generation

# The study ends a translation at a newline or at the two characters backslash and n.
STOPS = ("\n", "\\n")


class Backend(Protocol):
    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        """For each prompt the label whose last token has the highest logit after the prompt's last token.

        Equal logits: the later label in string order.
        """
        ...

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
        """For each prompt the continuation up to the first of STOPS, without it."""
        ...


def up_to_stop(text: str) -> str:
    ends = [position for stop in STOPS if (position := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text


def best_label(logits: Sequence[float], labels: Sequence[str]) -> str:
    """`logits` are those of the labels' last tokens, in the order of `labels`."""
    return max(zip(logits, labels, strict=True))[1]
