"""Checks that a corpus is long enough for the highest evaluated step whose number is known.

Tokenizing checks it first, but its result is complete even if it is too short. A training checks it again at its start.
"""

import json
from math import floor, isfinite
from pathlib import Path
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_store.presence import is_file
from mixcpt_train.run_spec import RunSpec

STATISTICS_FILE = "STATS.json"


def require_enough_sequences(run: RunSpec, processes: int | None) -> None:
    """Raises InputError for a corpus whose epochs end before `final_checkpoint`.

    A corpus without counts is not checked, nor is a run with `max_steps`, which repeats its corpus as needed.
    """
    available = read_sequence_count(run.tokenized) if run.tokenized else None
    if available is None or processes is None or run.final_checkpoint is None:
        return
    if _read_recipe_number(run.recipe, "max_steps", default=-1) > 0:
        return
    needed = count_needed_sequences(run.recipe, run.final_checkpoint, processes)
    if available < needed:
        raise InputError(
            f"tokenized corpus {run.tokenized} has {available} sequences; "
            f"checkpoint-{run.final_checkpoint} needs {needed}. "
            "Check num_train_epochs, batch size and gradient accumulation of the recipe, or add text to the corpus"
        )


def count_needed_sequences(recipe: dict[str, Any], steps: int, processes: int) -> int:
    """Returns the fewest sequences with which the Trainer reaches `steps`, as jobs/train does.

    The last step of an epoch may be incomplete, down to a single sequence. The defaults are the Trainer's.
    Raises InputError for a number of the recipe that cannot be used.
    """
    steps_per_epoch = floor((steps - 1) / _read_positive_number(recipe, "num_train_epochs", default=3)) + 1
    batch = _read_positive_number(recipe, "per_device_train_batch_size", default=8)
    batch *= _read_positive_number(recipe, "gradient_accumulation_steps", default=1)
    return int(batch * processes * (steps_per_epoch - 1) + 1)


def read_sequence_count(tokenized: Path) -> int | None:
    """Returns the number of training sequences, None without statistics. Raises InputError for damaged ones."""
    statistics = tokenized / STATISTICS_FILE
    if not is_file(statistics):
        return None
    try:
        content = json.loads(statistics.read_text(encoding="utf-8"))
        count = content.get("sequences", {}).get("train")
    except (ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"{statistics}: not the statistics of a tokenized corpus: {error}") from error
    if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
        raise InputError(f"{statistics}: sequences.train is {count!r}; it must be a whole number")
    return count


def _read_positive_number(recipe: dict[str, Any], key: str, *, default: int) -> float:
    value = _read_recipe_number(recipe, key, default=default)
    if value <= 0:
        raise InputError(f"spec.recipe.{key} is {value}; it must be more than 0")
    return value


def _read_recipe_number(recipe: dict[str, Any], key: str, *, default: int) -> float:
    value = recipe.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise InputError(f"spec.recipe.{key} is {value!r}; it must be a number")
    return value
