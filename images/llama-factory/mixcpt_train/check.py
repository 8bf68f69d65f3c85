"""The verb `check`: LLaMA-Factory's own parser on recipes, without model, data or GPU."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# A training run gets these from its place; any values do.
_PLACE = {"model_name_or_path": "model", "dataset": "corpus", "dataset_dir": ".", "output_dir": "run"}
# What torchrun sets for each of its processes; port 0 takes any that is free.
_GROUP_OF_ONE = {
    "RANK": "0",
    "LOCAL_RANK": "0",
    "WORLD_SIZE": "1",
    "LOCAL_WORLD_SIZE": "1",
    "MASTER_ADDR": "127.0.0.1",
    "MASTER_PORT": "0",
}


def check(spec: Spec) -> None:
    """`recipes` maps names to recipes. Raises InputError that names every recipe the parser refuses."""
    recipes = spec.get_mapping("recipes")
    spec.finish()
    problems = [f"{name}: {problem}" for name, recipe in recipes.items() if (problem := refusal(recipe))]
    if problems:
        raise InputError("LLaMA-Factory refuses\n" + "\n".join(problems))
    without = "" if _has_deepspeed() else "; without DeepSpeed in this image its configuration is not read"
    print(f"LLaMA-Factory accepts {len(recipes)} recipes{without}")


def refusal(recipe: dict[str, Any]) -> str | None:
    """What LLaMA-Factory or DeepSpeed has against a recipe; None where both accept it."""
    from llamafactory.hparams.parser import get_train_args

    try:
        with _alone():
            get_train_args({**_readable(recipe), **_PLACE, "use_cpu": True})
        if _has_deepspeed() and recipe.get("deepspeed"):
            _read_as_deepspeed(recipe["deepspeed"])
    except (ValueError, TypeError, ImportError) as error:
        return str(error)
    return None


@contextmanager
def _alone() -> Iterator[None]:
    """LLaMA-Factory refuses DeepSpeed outside of torchrun: a group of one process stands in for it."""
    before = dict(os.environ)
    os.environ.update(_GROUP_OF_ONE)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _read_as_deepspeed(settings: dict[str, Any]) -> None:
    """DeepSpeed itself reads its settings only once the model is there, on the GPUs."""
    from deepspeed.runtime.zero.config import DeepSpeedZeroConfig

    zero = settings["zero_optimization"]
    DeepSpeedZeroConfig(**{key: value for key, value in zero.items() if value != "auto"})


def _has_deepspeed() -> bool:
    return find_spec("deepspeed") is not None


def _readable(recipe: dict[str, Any]) -> dict[str, Any]:
    """Only DeepSpeed reads its own configuration: where it is not there, that part is left out."""
    if _has_deepspeed():
        return recipe
    return {key: value for key, value in recipe.items() if key != "deepspeed"}
