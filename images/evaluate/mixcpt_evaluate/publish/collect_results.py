"""Collects the content of a run's ConfigMap: scores, loss curve, recipe and provenance. The limit is 1 MiB."""

import json
import math
from pathlib import Path
from typing import Any

import yaml

from mixcpt_evaluate.publish.publish_spec import PublishSpec
from mixcpt_evaluate.publish.training_log import read_training_log
from mixcpt_store.errors import InputError

_SCORE_FILE_ADVICE = "delete the file and run the evaluation again"


def collect_results(publish: PublishSpec) -> dict[str, Any]:
    """Returns the content of data["scores.json"].

    Raises InputError when there is no score at all or a file is damaged.
    """
    return {
        "cell": publish.cell,
        "run": publish.run,
        "checkpoint": publish.checkpoint,
        **_collect_progress(publish),
        "scores": _collect_scores(publish.scores),
        **_collect_training(publish),
        "image": publish.image,
        "evaluationImage": publish.evaluation_image,
    }


def _collect_progress(publish: PublishSpec) -> dict[str, int | None]:
    """Returns the checkpoint's step and the tokens read until then, both None for a base model.

    The link checkpoint-last leads to the folder of the last step.
    """
    number = Path(publish.checkpoint).resolve().name.removeprefix("checkpoint-")
    if publish.tokens_per_step is None or not (number.isascii() and number.isdigit()):
        return {"step": None, "tokens": None}
    return {"step": int(number), "tokens": int(number) * publish.tokens_per_step}


def _collect_training(publish: PublishSpec) -> dict[str, Any]:
    """Returns loss curve, training time and recipe. All are empty for a base model, which was not trained here."""
    if publish.run_directory is None:
        return {"loss": [], "training": {"steps": None, "seconds": None, "devices": None}, "recipe": None}
    log = read_training_log(publish.run_directory / "trainer_log.jsonl")
    return {
        "loss": log.loss,
        "training": {"steps": log.steps, "seconds": log.seconds, "devices": publish.devices},
        "recipe": _read_training_recipe(publish.run_directory),
    }


def _collect_scores(directories: tuple[Path, ...]) -> list[dict[str, Any]]:
    files = [path for directory in directories for path in sorted(directory.glob("*.json"))]
    if not files:
        folders = ", ".join(map(str, directories))
        raise InputError(f"{folders}: no score file <language>.json found")
    return [score for path in files for score in _read_score_file(path)]


def _read_score_file(path: Path) -> list[dict[str, Any]]:
    """Returns the file's scores, with the number of items that have no answer if there are any."""
    value = _read_json_object(path)
    try:
        unit = {key: value[key] for key in ("benchmark", "language", "direction", "items")}
        scores = [{**unit, **score, "file": str(path)} for score in value["scores"]]
        unanswered = {"unanswered": value["unanswered"]["count"]} if "unanswered" in value else {}
    except (KeyError, TypeError) as error:
        raise InputError(f"{path}: lacks {error}; {_SCORE_FILE_ADVICE}") from error
    for score in scores:
        if not _is_finite_number(score.get("value")):
            raise InputError(f"{path}: value is {score.get('value')!r}; it must be a number; {_SCORE_FILE_ADVICE}")
    return [{**score, **unanswered} for score in scores]


def _is_finite_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _read_training_recipe(run_directory: Path) -> dict[str, Any] | None:
    """Returns the settings that the run was trained with; None when it left no record.

    Raises InputError when the record is damaged.
    """
    path = run_directory / "run.yaml"
    if not path.is_file():
        return None
    try:
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    recipe = record.get("recipe") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(recipe, dict | None):
        raise InputError(f"{path}: must be a mapping whose recipe is a mapping; it holds {type(record).__name__}")
    return recipe


def _read_json_object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}; {_SCORE_FILE_ADVICE}") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}: holds {type(value).__name__}, not a JSON object; {_SCORE_FILE_ADVICE}")
    return value
