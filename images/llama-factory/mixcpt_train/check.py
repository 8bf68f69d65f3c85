"""The verb `check`: LLaMA-Factory's own parser on recipes, without model, data or GPU."""

from importlib.util import find_spec
from typing import Any

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# A training run gets these from its place; any values do.
_PLACE = {"model_name_or_path": "model", "dataset": "corpus", "dataset_dir": ".", "output_dir": "run"}


def check(spec: Spec) -> None:
    """`recipes` maps names to recipes. Raises InputError that names every recipe the parser refuses."""
    recipes = spec.mapping("recipes")
    spec.finish()
    problems = [f"{name}: {problem}" for name, recipe in recipes.items() if (problem := refusal(recipe))]
    if problems:
        raise InputError("LLaMA-Factory refuses\n" + "\n".join(problems))
    without = "" if _has_deepspeed() else "; without DeepSpeed in this image its configuration is not read"
    print(f"LLaMA-Factory accepts {len(recipes)} recipes{without}")


def refusal(recipe: dict[str, Any]) -> str | None:
    """What LLaMA-Factory has against a recipe; None where it accepts it."""
    from llamafactory.hparams.parser import get_train_args

    try:
        get_train_args({**_readable(recipe), **_PLACE, "use_cpu": True})
    except (ValueError, TypeError, ImportError) as error:
        return str(error)
    return None


def _has_deepspeed() -> bool:
    return find_spec("deepspeed") is not None


def _readable(recipe: dict[str, Any]) -> dict[str, Any]:
    """Only DeepSpeed reads its own configuration: where it is not there, that part is left out."""
    if _has_deepspeed():
        return recipe
    return {key: value for key, value in recipe.items() if key != "deepspeed"}
