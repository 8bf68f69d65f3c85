"""Completes a recipe to the settings that `mixcpt-trainer train` reads."""

from pathlib import Path
from typing import Any

from mixcpt_train.run_spec import RunSpec
from mixcpt_train.tokenize_corpus import DATASET_FOLDER
from mixcpt_train.training_node import TrainingNode


def complete_recipe(
    run: RunSpec, node: TrainingNode, *, on_cpu: bool, checkpoint: Path | None, scratch: Path
) -> dict[str, Any]:
    """Returns the run's recipe with paths and defaults. `checkpoint` is the one to resume.

    Without one, LLaMA-Factory would take the newest checkpoint folder, intact or not; the value false prevents
    that. Only `output_dir` is in the store; caches are in `scratch`.
    """
    defaults: dict[str, Any] = {
        "report_to": "none",
        # The carriage returns of tqdm would run into the progress lines.
        "disable_tqdm": True,
        "overwrite_cache": True,
        "cache_dir": str(scratch / "cache"),
        "use_cpu": on_cpu,
    }
    if on_cpu and (node.world_size or 1) > 1:
        defaults["ddp_backend"] = "gloo"
    if run.tokenized:
        defaults["tokenized_path"] = str(run.tokenized / DATASET_FOLDER)
    return {
        **defaults,
        **run.recipe,
        "model_name_or_path": str(run.model),
        "dataset": "corpus",
        "dataset_dir": str(run.corpus),
        "output_dir": str(run.output),
        "resume_from_checkpoint": str(checkpoint) if checkpoint else False,
    }
