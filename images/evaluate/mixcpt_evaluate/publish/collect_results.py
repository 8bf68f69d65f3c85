"""Collects what a run's ConfigMap says: scores, loss curve, recipe, provenance. It must stay below 1 MiB."""

import json
from pathlib import Path
from typing import Any

import yaml

from mixcpt_evaluate.publish.publish_spec import PublishSpec
from mixcpt_evaluate.publish.training_log import read_training_log
from mixcpt_store.errors import InputError


def collect(publish: PublishSpec) -> dict[str, Any]:
    """The content of data["scores.json"].

    Raises InputError when there is no score at all or a file is damaged.
    """
    return {
        "cell": publish.cell,
        "run": publish.run,
        "checkpoint": publish.checkpoint,
        "scores": _scores(publish.scores),
        **_training(publish),
        "image": publish.image,
        "evaluationImage": publish.evaluation_image,
    }


def _training(publish: PublishSpec) -> dict[str, Any]:
    """A base model was not trained here: no loss, no time, no recipe."""
    if publish.run_directory is None:
        return {"loss": [], "training": {"steps": None, "seconds": None, "devices": None}, "recipe": None}
    log = read_training_log(publish.run_directory / "trainer_log.jsonl")
    return {
        "loss": log.loss,
        "training": {"steps": log.steps, "seconds": log.seconds, "devices": publish.devices},
        "recipe": _recipe(publish.run_directory),
    }


def _scores(directories: tuple[Path, ...]) -> list[dict[str, Any]]:
    files = [path for directory in directories for path in sorted(directory.glob("*.json"))]
    if not files:
        folders = ", ".join(map(str, directories))
        raise InputError(f"no score file <language>.json lies in {folders}")
    return [score for path in files for score in _scores_of(path)]


def _scores_of(path: Path) -> list[dict[str, Any]]:
    value = _read_json(path)
    try:
        unit = {key: value[key] for key in ("benchmark", "language", "direction", "items")}
        return [{**unit, **score, "file": str(path)} for score in value["scores"]]
    except (KeyError, TypeError) as error:
        raise InputError(f"{path} lacks {error}; remove it and run the evaluation again") from error


def _recipe(run_directory: Path) -> dict[str, Any] | None:
    """The settings that the run was trained with; None when it left no record."""
    path = run_directory / "run.yaml"
    if not path.is_file():
        return None
    recipe: dict[str, Any] | None = yaml.safe_load(path.read_text(encoding="utf-8")).get("recipe")
    return recipe


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path} is not JSON: {error}") from error
    return value
