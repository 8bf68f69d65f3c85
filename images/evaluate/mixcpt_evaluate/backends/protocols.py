"""The interfaces that the tasks use and every backend implements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mixcpt_evaluate.task_spec import Generation

# The study ends a translation at a newline or at the two characters backslash and n.
STOP_STRINGS = ("\n", "\\n")


@dataclass(frozen=True)
class Unanswered:
    """Stands in place of an answer when the backend refuses a prompt; `reason` is one line."""

    reason: str


Answer = str | Unanswered


class Classifier(Protocol):
    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> Sequence[Answer]:
        """Returns for each prompt the label whose last token has the highest logit after the prompt's last token.

        Among equal logits the later label in string order wins.
        """
        ...


class Translator(Protocol):
    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> Sequence[Answer]:
        """Returns for each prompt its continuation, cut before the first of STOP_STRINGS."""
        ...


def truncate_at_stop(text: str) -> str:
    """Returns `text` up to the first of STOP_STRINGS, or all of it."""
    ends = [position for stop in STOP_STRINGS if (position := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text
