"""Only a corpus that is too short for its final checkpoint is rejected before training."""

import json
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from mixcpt_store.errors import InputError
from mixcpt_train.run_spec import CheckpointPlan, RunSpec
from mixcpt_train.sequence_counts import count_needed_sequences, require_enough_sequences


def _count_steps(recipe: dict[str, Any], sequences: int, processes: int) -> int:
    """Counts the steps as the Trainer does; jobs/train has the same formula."""
    batches = ceil(ceil(sequences / recipe["per_device_train_batch_size"]) / processes)
    return ceil(recipe["num_train_epochs"] * ceil(batches / recipe["gradient_accumulation_steps"]))


@pytest.mark.parametrize("epochs", [1, 2, 2.5, 0.5])
@pytest.mark.parametrize(("batch", "accumulation", "processes"), [(1, 1, 1), (4, 3, 2), (2, 16, 8)])
def test_the_needed_sequences_are_the_fewest_that_reach_the_step(
    epochs: float, batch: int, accumulation: int, processes: int
) -> None:
    recipe = {
        "num_train_epochs": epochs,
        "per_device_train_batch_size": batch,
        "gradient_accumulation_steps": accumulation,
    }
    for steps in range(1, 30):
        needed = count_needed_sequences(recipe, steps, processes)
        assert _count_steps(recipe, needed, processes) >= steps
        assert needed == 1 or _count_steps(recipe, needed - 1, processes) < steps


def _build_run(tmp_path: Path, final: int | None, **recipe: int) -> RunSpec:
    (tmp_path / "STATS.json").write_text(json.dumps({"total": 9, "sequences": {"train": 640, "eval": 3}}))
    one = {
        "num_train_epochs": 1,
        "per_device_train_batch_size": 4,
        "gradient_accumulation_steps": 2,
        **recipe,
    }
    plan = CheckpointPlan((), last=True) if final is None else CheckpointPlan((final,))
    return RunSpec(Path("/c"), Path("/m"), Path("/o"), one, plan, tmp_path)


def test_rejects_a_corpus_that_ends_before_the_checkpoint_with_both_counts(tmp_path: Path) -> None:
    require_enough_sequences(_build_run(tmp_path, 10), processes=8)
    with pytest.raises(InputError, match=r"has 640 sequences; checkpoint-11 needs 641\. Check"):
        require_enough_sequences(_build_run(tmp_path, 11), processes=8)
    require_enough_sequences(_build_run(tmp_path, 11, num_train_epochs=2), processes=8)


def test_accepts_a_corpus_if_a_count_is_unknown_or_not_needed(tmp_path: Path) -> None:
    require_enough_sequences(_build_run(tmp_path, 11), processes=None)
    require_enough_sequences(_build_run(tmp_path, None), processes=8)
    require_enough_sequences(_build_run(tmp_path, 11, max_steps=11), processes=8)
    run = _build_run(tmp_path, 11)
    (tmp_path / "STATS.json").unlink()
    require_enough_sequences(run, processes=8)
