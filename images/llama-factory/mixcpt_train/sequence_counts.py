"""Checks before training, and so before a GPU is used, that a corpus is long enough for the final checkpoint."""

import json
from math import floor
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_train.run_spec import RunSpec

STATISTICS_FILE = "STATS.json"


def require_enough_sequences(run: RunSpec, processes: int | None) -> None:
    """Raises InputError for a corpus whose epochs end before `final_checkpoint`.

    A corpus without counts is not checked, nor is a run with `max_steps`, which repeats its corpus as needed.
    """
    available = _read_sequence_count(run)
    if available is None or processes is None or run.final_checkpoint is None or run.recipe.get("max_steps", -1) > 0:
        return
    needed = count_needed_sequences(run.recipe, run.final_checkpoint, processes)
    if available < needed:
        raise InputError(
            f"tokenized corpus {run.tokenized} has {available} sequences; "
            f"checkpoint-{run.final_checkpoint} needs {needed}. "
            "Check num_train_epochs, batch size and gradient accumulation of the recipe, or add text to the corpus"
        )


def count_needed_sequences(recipe: dict[str, Any], steps: int, processes: int) -> int:
    """Returns the fewest sequences with which the Trainer reaches `steps`; jobs/train computes the inverse.

    The last step of an epoch may be incomplete, down to a single sequence. The defaults are the Trainer's.
    """
    steps_per_epoch = floor((steps - 1) / recipe.get("num_train_epochs", 3)) + 1
    batch = recipe.get("per_device_train_batch_size", 8) * recipe.get("gradient_accumulation_steps", 1)
    return int(batch * processes * (steps_per_epoch - 1) + 1)


def _read_sequence_count(run: RunSpec) -> int | None:
    statistics = run.tokenized / STATISTICS_FILE if run.tokenized else None
    if statistics is None or not statistics.is_file():
        return None
    count: int | None = json.loads(statistics.read_text(encoding="utf-8")).get("sequences", {}).get("train")
    return count
