"""Whether a tokenised corpus is long enough for the checkpoint that is wanted, known before a GPU works."""

import json
from math import floor
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_train.run_spec import RunSpec

STATISTICS = "STATS.json"


def require_sequences(run: RunSpec, processes: int | None) -> None:
    """Raises InputError for a corpus whose epochs end before `final_checkpoint`.

    A corpus without counts is not judged, nor is a run of so many steps, which begins its corpus anew.
    """
    there = _sequences(run)
    if there is None or processes is None or run.final_checkpoint is None or run.recipe.get("max_steps", -1) > 0:
        return
    needed = sequences_needed(run.recipe, run.final_checkpoint, processes)
    if there < needed:
        raise InputError(
            f"tokenised corpus {run.tokenised} has {there} sequences; "
            f"checkpoint-{run.final_checkpoint} needs {needed}. "
            "Look at num_train_epochs, batch and accumulation of the recipe, or take more text"
        )


def sequences_needed(recipe: dict[str, Any], steps: int, processes: int) -> int:
    """The fewest with which the trainer comes to so many steps: trainingSteps.ts counts the other way.

    The last step of an epoch may be incomplete, down to a single sequence. Defaults are the trainer's.
    """
    steps_of_an_epoch = floor((steps - 1) / recipe.get("num_train_epochs", 3)) + 1
    batch = recipe.get("per_device_train_batch_size", 8) * recipe.get("gradient_accumulation_steps", 1)
    return int(batch * processes * (steps_of_an_epoch - 1) + 1)


def _sequences(run: RunSpec) -> int | None:
    statistics = run.tokenised / STATISTICS if run.tokenised else None
    if statistics is None or not statistics.is_file():
        return None
    count: int | None = json.loads(statistics.read_text(encoding="utf-8")).get("sequences", {}).get("train")
    return count
