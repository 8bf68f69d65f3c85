"""Items that the backend did not answer: they count as wrong, and the score file and the pod's log name them."""

import sys
from collections.abc import Sequence
from typing import Any

from mixcpt_evaluate.backends.protocols import Answer, Unanswered
from mixcpt_evaluate.score_files import EvaluationUnit
from mixcpt_store.errors import InputError


def list_unanswered(unit: EvaluationUnit, answers: Sequence[Answer]) -> list[str]:
    """Returns the reason of each item without an answer and prints their number.

    Raises InputError when no item has an answer: a score of zero would say something about the model.
    """
    reasons = [answer.reason for answer in answers if isinstance(answer, Unanswered)]
    if reasons and len(reasons) == len(answers):
        raise InputError(f"none of the {len(answers)} items has an answer; the first one: {reasons[0]}")
    if reasons:
        print(
            f"mixcpt-evaluate {unit.benchmark} {unit.file_stem}: {len(reasons)} of {len(answers)} items have no answer "
            f"and count as wrong; the first one: {reasons[0]}",
            file=sys.stderr,
            flush=True,
        )
    return reasons


def mark_unanswered(prediction: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """Returns the prediction, with the reason if its item has no answer."""
    return {**prediction, "unanswered": answer.reason} if isinstance(answer, Unanswered) else prediction
