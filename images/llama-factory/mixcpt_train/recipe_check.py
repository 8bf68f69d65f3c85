"""The verb `check`: runs LLaMA-Factory's own parser on recipes, without a model, data or a GPU."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# A training run sets these from its spec. The parser requires them but accepts any value.
_PLACEHOLDER_PATHS = {"model_name_or_path": "model", "dataset": "corpus", "dataset_dir": ".", "output_dir": "run"}
# The variables that torchrun sets for each process, for a group of one. Port 0 stands for any free port.
_TORCHRUN_VARIABLES = {
    "RANK": "0",
    "LOCAL_RANK": "0",
    "WORLD_SIZE": "1",
    "LOCAL_WORLD_SIZE": "1",
    "MASTER_ADDR": "127.0.0.1",
    "MASTER_PORT": "0",
}


def check_recipes(spec: Spec) -> None:
    """Checks the spec's `recipes`, a mapping of names to recipes.

    Raises InputError that names every rejected recipe.
    """
    recipes = spec.get_mapping("recipes")
    spec.finish()
    problems = [f"{name}: {problem}" for name, recipe in recipes.items() if (problem := _find_any_problem(recipe))]
    if problems:
        raise InputError("LLaMA-Factory rejects\n" + "\n".join(problems))
    note = "" if _has_deepspeed() else "; this image has no DeepSpeed, so its configuration was not checked"
    print(f"LLaMA-Factory accepts {len(recipes)} recipes{note}")


def _find_any_problem(recipe: object) -> str | None:
    if not isinstance(recipe, dict):
        return f"is {recipe!r}; it must be a mapping of LLaMA-Factory's settings"
    return find_problem(recipe)


def find_problem(recipe: dict[str, Any]) -> str | None:
    """Returns the error of LLaMA-Factory or DeepSpeed for a recipe, or None if both accept it."""
    from llamafactory.hparams.parser import get_train_args

    try:
        with _emulate_torchrun():
            get_train_args({**_drop_unreadable_keys(recipe), **_PLACEHOLDER_PATHS, "use_cpu": True})
        # The path of a file instead of a mapping is read by DeepSpeed itself.
        if _has_deepspeed() and isinstance(recipe.get("deepspeed"), dict):
            _parse_deepspeed_settings(recipe["deepspeed"])
    except Exception as error:
        # Both parsers reject a wrong value with almost any exception, some of them without a text.
        return str(error) if isinstance(error, (ValueError, ImportError)) else f"{type(error).__name__}: {error}"
    return None


@contextmanager
def _emulate_torchrun() -> Iterator[None]:
    """Sets torchrun's variables for a group of one process: without them LLaMA-Factory rejects DeepSpeed."""
    before = dict(os.environ)
    os.environ.update(_TORCHRUN_VARIABLES)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _parse_deepspeed_settings(settings: dict[str, Any]) -> None:
    """Parses the ZeRO settings now. DeepSpeed would do so only after the model is loaded on the GPUs."""
    from deepspeed.runtime.zero.config import DeepSpeedZeroConfig

    zero = settings.get("zero_optimization", {})
    DeepSpeedZeroConfig(**{key: value for key, value in zero.items() if value != "auto"})


def _has_deepspeed() -> bool:
    return find_spec("deepspeed") is not None


def _drop_unreadable_keys(recipe: dict[str, Any]) -> dict[str, Any]:
    """Drops the DeepSpeed configuration if DeepSpeed, its only reader, is not installed."""
    if _has_deepspeed():
        return recipe
    return {key: value for key, value in recipe.items() if key != "deepspeed"}
