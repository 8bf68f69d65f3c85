"""The failures of units: LANGUAGE.failure, or LANGUAGE.DIRECTION.failure, is a JSON file until there is a score."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_store.complete import write_atomically

_SUFFIX = ".failure"


@dataclass(frozen=True)
class UnitFailure:
    """`reason` is one line. A `permanent` failure would occur again with the same input and image."""

    unit: EvaluationUnit
    reason: str
    permanent: bool


def write_failure(output: Path, failure: UnitFailure) -> None:
    output.mkdir(parents=True, exist_ok=True)
    content = {**vars(failure.unit), "reason": failure.reason, "permanent": failure.permanent}
    write_atomically(_build_path(output, failure.unit), json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def remove_failure(output: Path, unit: EvaluationUnit) -> None:
    _build_path(output, unit).unlink(missing_ok=True)


def read_failure(output: Path, unit: EvaluationUnit) -> UnitFailure | None:
    """Returns the failure of the unit's last attempt; None where it has none that can be read."""
    return _read_file(_build_path(output, unit))


def list_failures(output: Path) -> list[UnitFailure]:
    """Returns the failures of the units that have no score, sorted by the names of their files."""
    failures = [_read_file(path) for path in sorted(output.glob(f"*{_SUFFIX}"))]
    return [failure for failure in failures if failure and not is_unit_finished(output, failure.unit)]


def _build_path(output: Path, unit: EvaluationUnit) -> Path:
    return output / f"{unit.file_stem}{_SUFFIX}"


def _read_file(path: Path) -> UnitFailure | None:
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        unit = EvaluationUnit(value["benchmark"], value["language"], value["direction"])
        return UnitFailure(unit, str(value["reason"]), bool(value["permanent"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
