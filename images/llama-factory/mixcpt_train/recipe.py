"""Completes a recipe to what `llamafactory-cli train` is given."""

from pathlib import Path
from typing import Any

from mixcpt_train.cluster import Node
from mixcpt_train.run_spec import RunSpec
from mixcpt_train.tokenise import DATASET


def complete_recipe(
    run: RunSpec, node: Node, *, on_cpu: bool, checkpoint: Path | None, scratch: Path
) -> dict[str, Any]:
    """`checkpoint` is where to resume.

    Without one LLaMA-Factory would take the newest checkpoint folder, whole or not; the value false stops
    that. Only `output_dir` lies in the store; what is cached lies in `scratch`.
    """
    defaults: dict[str, Any] = {
        "report_to": "none",
        # Its carriage returns would run into the progress lines.
        "disable_tqdm": True,
        "overwrite_cache": True,
        "cache_dir": str(scratch / "cache"),
        "use_cpu": on_cpu,
    }
    if on_cpu and (node.world_size or 1) > 1:
        defaults["ddp_backend"] = "gloo"
    if run.tokenised:
        defaults["tokenized_path"] = str(run.tokenised / DATASET)
    return {
        **defaults,
        **run.recipe,
        "model_name_or_path": str(run.model),
        "dataset": "corpus",
        "dataset_dir": str(run.corpus),
        "output_dir": str(run.output),
        "resume_from_checkpoint": str(checkpoint) if checkpoint else False,
    }
