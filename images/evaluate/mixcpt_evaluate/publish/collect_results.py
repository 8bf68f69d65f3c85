"""Collects the content of a run's ConfigMap: scores, loss curves, recipe and provenance. The limit is 1 MiB."""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from mixcpt_evaluate.publish.publish_spec import PublishSpec
from mixcpt_evaluate.publish.training_log import read_training_log
from mixcpt_evaluate.unit_failures import read_failure
from mixcpt_store.errors import InputError
from mixcpt_store.listing import list_matching
from mixcpt_store.presence import is_file, resolve_links

_NO_REASON = "its evaluation left neither a score nor a reason"
_SCORE_FILE_ADVICE = "delete the file and run the evaluation again"


def collect_results(publish: PublishSpec) -> dict[str, Any]:
    """Returns the content of data["scores.json"].

    The key `failures`, with a reason for each expected unit that has no score, exists only if there are any, and
    `serving` only if vLLM served the model.
    Raises InputError when there is no score at all or a file is damaged, RetryableError when one cannot be read,
    OSError for a folder that cannot be.
    """
    files = [path for directory in publish.scores for path in list_matching(directory, "*.json")]
    values = {path: _read_score_file(path) for path in files}
    scores = [score for path, value in values.items() for score in _list_scores(path, value)]
    failures = _list_failures(publish, scores)
    serving = _list_serving(values.values())
    if not files:
        raise InputError(_describe_no_scores(publish, failures))
    return {
        "cell": publish.cell,
        "run": publish.run,
        "checkpoint": publish.checkpoint,
        **_collect_progress(publish),
        "scores": scores,
        **({"failures": failures} if failures else {}),
        **({"serving": serving} if serving else {}),
        "image": publish.image,
        **_collect_training(publish),
        "evaluationImage": publish.evaluation_image,
    }


def _collect_progress(publish: PublishSpec) -> dict[str, int | None]:
    """Returns the checkpoint's step and the tokens read until then, both None for a base model.

    The link checkpoint-last leads to the folder of the last step.
    """
    number = resolve_links(Path(publish.checkpoint)).name.removeprefix("checkpoint-")
    if publish.tokens_per_step is None or not (number.isascii() and number.isdigit()):
        return {"step": None, "tokens": None}
    return {"step": int(number), "tokens": int(number) * publish.tokens_per_step}


def _collect_training(publish: PublishSpec) -> dict[str, Any]:
    """Returns loss curves, training time, recipe and attempts; all are empty for a base model, which has no training.

    `heldOutLoss` exists only if the run holds out a share of its text and has evaluated it.
    The image is that of the last attempt: the spec names the one that a training submitted now would get.
    """
    if publish.run_directory is None:
        return {"loss": [], "training": {"steps": None, "seconds": None, "devices": None}, "recipe": None}
    record = _read_run_record(publish.run_directory)
    attempts = [attempt for attempt in record.get("attempts") or [] if isinstance(attempt, dict)]
    image = attempts[-1].get("image") if attempts else None
    log = read_training_log(publish.run_directory)
    return {
        "loss": log.loss,
        **({"heldOutLoss": log.held_out} if log.held_out else {}),
        "training": {"steps": log.steps, "seconds": log.seconds, "devices": publish.devices},
        "recipe": record.get("recipe"),
        "attempts": attempts,
        **({"image": image} if image else {}),
    }


def _list_failures(publish: PublishSpec, scores: list[dict[str, Any]]) -> list[dict[str, str | None]]:
    """Returns the expected units that have no score. The advice in a record was for another attempt, which is over."""
    scored = [(score["benchmark"], score["language"], score["direction"]) for score in scores]
    missing = [
        (unit, read_failure(expected.folder, unit))
        for expected in publish.expected
        for unit in expected.units
        if (unit.benchmark, unit.language, unit.direction) not in scored
    ]
    return [{**vars(unit), "reason": failure.error if failure else _NO_REASON} for unit, failure in missing]


def _list_serving(values: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns how vLLM served the model: one entry for each benchmark and settings, which may differ by unit."""
    served = [value for value in values if isinstance(value.get("serving"), dict)]
    entries = [{"benchmark": value["benchmark"], **value["serving"]} for value in served]
    return [entry for index, entry in enumerate(entries) if entry not in entries[:index]]


def _describe_no_scores(publish: PublishSpec, failures: list[dict[str, str | None]]) -> str:
    folders = ", ".join(map(str, publish.scores))
    reason = f"; {len(failures)} units failed, the first one: {failures[0]['reason']}" if failures else ""
    return f"{folders}: no score file <language>.json found{reason}"


def _list_scores(path: Path, value: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the file's scores, with the number of items that have no answer if there are any."""
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


def _read_run_record(run_directory: Path) -> dict[str, Any]:
    """Returns the recipe and the attempts that a training recorded; nothing when it left no record.

    Raises InputError when the record is damaged.
    """
    path = run_directory / "run.yaml"
    if not is_file(path):
        return {}
    try:
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(record, dict) or not isinstance(record.get("recipe"), dict | None):
        raise InputError(f"{path}: must be a mapping whose recipe is a mapping; it holds {type(record).__name__}")
    if not isinstance(record.get("attempts"), list | None):
        raise InputError(f"{path}: attempts must be a list; it is {type(record['attempts']).__name__}")
    return record


def _read_score_file(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}; {_SCORE_FILE_ADVICE}") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}: holds {type(value).__name__}, not a JSON object; {_SCORE_FILE_ADVICE}")
    return value
