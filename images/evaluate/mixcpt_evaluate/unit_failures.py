"""The failures of units: LANGUAGE.failure, or LANGUAGE.DIRECTION.failure, is a JSON file until there is a score.

During an attempt, a file with the suffix `.started` stands beside it. One that is left says that the process ended.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_evaluate.score_files import EvaluationUnit
from mixcpt_store.complete import write_atomically
from mixcpt_store.errors import RetryableError

_FAILURE_SUFFIX = ".failure"
_STARTED_SUFFIX = ".started"
_NO_MESSAGE = "the pod ended while it evaluated this unit, without a message: a crash of a library or a lost node"


@dataclass(frozen=True)
class UnitFailure:
    """The failure of a unit's last attempt; `error` and `advice` are one line each.

    A `permanent` failure would occur again with the same input and image. `tries` is the number of attempts in the Job
    with the uid `job` that count as failures of this unit.
    """

    unit: EvaluationUnit
    error: str
    job: str
    tries: int
    permanent: bool = False
    advice: str | None = None


def write_failure(output: Path, failure: UnitFailure) -> None:
    """Replaces the record of the unit's former failure."""
    _write_file(_build_path(output, failure.unit, _FAILURE_SUFFIX), failure)


def remove_failure(output: Path, unit: EvaluationUnit) -> None:
    _build_path(output, unit, _FAILURE_SUFFIX).unlink(missing_ok=True)


def mark_started(output: Path, unit: EvaluationUnit, *, job: str, tries: int) -> None:
    """Records that the process ended during this attempt, which holds unless `remove_mark` follows.

    The record of a former failure stays, so that an attempt without a result of its own needs no space to restore it.
    """
    _write_file(_build_path(output, unit, _STARTED_SUFFIX), UnitFailure(unit, _NO_MESSAGE, job, tries))


def remove_mark(output: Path, unit: EvaluationUnit) -> None:
    _build_path(output, unit, _STARTED_SUFFIX).unlink(missing_ok=True)


def read_failure(output: Path, unit: EvaluationUnit) -> UnitFailure | None:
    """Returns the failure of the unit's last attempt; None without a record, or with one of another format.

    Raises RetryableError when a record exists that cannot be read.
    """
    marked = _read_file(_build_path(output, unit, _STARTED_SUFFIX), unit)
    return marked or _read_file(_build_path(output, unit, _FAILURE_SUFFIX), unit)


def _build_path(output: Path, unit: EvaluationUnit, suffix: str) -> Path:
    return output / f"{unit.file_stem}{suffix}"


def _write_file(path: Path, failure: UnitFailure) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**vars(failure), "unit": vars(failure.unit)}
    write_atomically(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def _read_file(path: Path, unit: EvaluationUnit) -> UnitFailure | None:
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return UnitFailure(
            unit, str(value["error"]), str(value["job"]), int(value["tries"]), bool(value["permanent"]), value["advice"]
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RetryableError(f"{path}: the record of a failure cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError):
        return None
