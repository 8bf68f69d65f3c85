"""The spec of a training run."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_store.device import wants_gpu
from mixcpt_store.spec import Spec

# Keys of a recipe that follow from other keys of the spec or from the state of the run.
RESERVED_KEYS = (
    "model_name_or_path",
    "dataset",
    "dataset_dir",
    "output_dir",
    "tokenized_path",
    "resume_from_checkpoint",
    "overwrite_output_dir",
    "save_total_limit",
)


@dataclass(frozen=True)
class CheckpointPlan:
    """The checkpoints that are evaluated and kept.

    `steps` are the evaluated ones in ascending order; with `last` the run's last one is evaluated, too. With `stops`
    training ends after the highest of `steps`. `keeps_weights` keeps the weights of all other checkpoints.
    """

    steps: tuple[int, ...]
    last: bool = False
    stops: bool = False
    keeps_weights: bool = False

    @property
    def trains_on(self) -> bool:
        """True if training continues to the end of the recipe although no evaluated checkpoint needs it."""
        return not (self.stops or self.last)


@dataclass(frozen=True)
class TrackerSpec:
    """The tracker that the stack has chosen. `tags` identify the run, `address` and `experiment` are MLflow's."""

    kind: str
    tags: dict[str, str]
    address: str = ""
    experiment: str = ""


@dataclass(frozen=True)
class RunSpec:
    """The inputs, recipe and output of one training run.

    `recipe` holds LLaMA-Factory's own keys.
    `tokenized` is the output of `mixcpt-train tokenise` for `corpus` and `model`. `on_gpu` means never on the CPU.
    """

    corpus: Path
    model: Path
    output: Path
    recipe: dict[str, Any]
    checkpoints: CheckpointPlan
    tokenized: Path | None = None
    on_gpu: bool = False
    tracker: TrackerSpec | None = None

    @property
    def final_checkpoint(self) -> int | None:
        """The highest evaluated step whose number is known; None if only the last one of the run is evaluated."""
        return self.checkpoints.steps[-1] if self.checkpoints.steps else None

    @property
    def saves_weights_only(self) -> bool:
        """True if no optimizer state is saved: such a run cannot resume."""
        return bool(self.recipe.get("save_only_model", False))

    @property
    def uses_deepspeed(self) -> bool:
        return self.recipe.get("deepspeed") is not None


def read_run_spec(spec: Spec) -> RunSpec:
    """Raises InputError with all problems of the spec."""
    recipe = spec.get_mapping("recipe")
    for key in RESERVED_KEYS:
        if key in recipe:
            spec.add_problem(
                f"recipe.{key}", "must not be set: it follows from corpus, tokenised, model, output and checkpoints"
            )
    if recipe.get("save_strategy", "steps") == "no":
        spec.add_problem("recipe.save_strategy", "is no; without checkpoints there is nothing to resume or evaluate")
    run = RunSpec(
        corpus=spec.get_path("corpus"),
        model=spec.get_path("model"),
        output=spec.get_path("output"),
        recipe=recipe,
        checkpoints=_read_checkpoint_plan(spec.get_child("checkpoints")),
        tokenized=spec.get_optional_path("tokenised"),
        on_gpu=wants_gpu(spec),
        tracker=_read_tracker(tracker) if (tracker := spec.get_optional_child("tracker")) else None,
    )
    spec.finish()
    return run


def _read_tracker(spec: Spec) -> TrackerSpec:
    kind = spec.get_text("kind", allowed=("tensorboard", "mlflow"))
    on_server = kind == "mlflow"
    tags = spec.get_mapping("tags")
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in tags.items()}
    if on_server and "run" not in tags:
        spec.add_problem("tags", "lacks run, by which the server knows the run again")
    return TrackerSpec(
        kind=kind,
        tags=texts,
        address=spec.get_text("address") if on_server else "",
        experiment=spec.get_text("experiment") if on_server else "",
    )


def _read_checkpoint_plan(spec: Spec) -> CheckpointPlan:
    plan = CheckpointPlan(
        steps=tuple(sorted(set(spec.get_integers("steps", default=[])))),
        last=spec.get_flag("last", default=False),
        stops=spec.get_flag("stop", default=False),
        keeps_weights=spec.get_flag("keepWeights", default=False),
    )
    if any(step < 1 for step in plan.steps):
        spec.add_problem("steps", f"is {list(plan.steps)}; every step must be 1 or more")
    if not plan.steps and not plan.last:
        spec.add_problem("steps", "is empty; it must name the evaluated steps, unless last is true")
    if plan.stops and (plan.last or not plan.steps):
        spec.add_problem("stop", "is true; it needs steps to stop after, and last must be false")
    return plan
