"""The spec of a training run."""

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
)


@dataclass(frozen=True)
class RunSpec:
    """The inputs, recipe and output of one training run.

    `recipe` holds LLaMA-Factory's own keys. `final_checkpoint` is the step that will be evaluated, None for the last.
    `tokenized` is the output of `mixcpt-train tokenise` for `corpus` and `model`. `on_gpu` means never on the CPU.
    """

    corpus: Path
    model: Path
    output: Path
    recipe: dict[str, Any]
    final_checkpoint: int | None
    tokenized: Path | None = None
    on_gpu: bool = False

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
            spec.add_problem(f"recipe.{key}", "must not be set: it follows from corpus, tokenised, model and output")
    if recipe.get("save_strategy", "steps") == "no":
        spec.add_problem("recipe.save_strategy", "is no; without checkpoints there is nothing to resume or evaluate")
    run = RunSpec(
        corpus=spec.get_path("corpus"),
        model=spec.get_path("model"),
        output=spec.get_path("output"),
        recipe=recipe,
        final_checkpoint=spec.get_integer_or_word("finalCheckpoint", "last", minimum=1),
        tokenized=spec.get_optional_path("tokenised"),
        on_gpu=wants_gpu(spec),
    )
    spec.finish()
    return run
