"""Works through a pod's units: each is an island, so that one that fails neither ends nor repeats the others."""

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path

from mixcpt_evaluate.library_errors import (
    LostBackendError,
    free_device_memory,
    raise_described_errors,
)
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.task_spec import TaskSpec, select_share
from mixcpt_evaluate.unit_failures import UnitFailure, read_failure, remove_failure, write_failure
from mixcpt_store.complete import remove_broken_link, require_complete
from mixcpt_store.errors import EXIT_BAD_INPUT, EXIT_RETRYABLE, InputError, RetryableError, describe_no_space
from mixcpt_store.progress import Progress

UnitEvaluator = Callable[[EvaluationUnit], None]

# Failed pods with the same index after which a unit that failed before is not tried again. Our assumption: a failure
# that passes, such as a lost mount or a restarted driver, has passed by then; each further attempt loads the model.
_ATTEMPTS_OF_A_UNIT = 3
_NO_MESSAGE = "the pod ended while it evaluated this unit, without a message: a crash of a library or a lost node"


class _Outcome(Enum):
    SCORED = 1
    PERMANENT = 2
    PASSING = 3
    LOST_BACKEND = 4
    NO_SPACE = 5


def run_units(
    task: TaskSpec,
    units: list[EvaluationUnit],
    load_evaluator: Callable[[], UnitEvaluator],
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Evaluates this pod's share of `units`; `load_evaluator` loads the model, and only when a unit is due.

    Returns the exit code: 1 if a unit failed that may succeed the next time, 2 if the disk is full. Units that would
    fail again are recorded. In the pod of a Job, which has MIXCPT_FAILED_ATTEMPTS, they are no reason for another code
    than 0, because the pod that publishes the scores names them and fails; without a Job the code is 2.
    """
    require_complete(task.checkpoint, "checkpoint")
    require_complete(task.benchmarks, "benchmarks")
    attempts = _read_failed_attempts(environment)
    share = select_share(units, task.shards, environment)
    unfinished = [unit for unit in share if not is_unit_finished(task.output, unit)]
    due = _select_due_units(unfinished, task.output, attempts or 0)
    progress = Progress(len(share), "units")
    progress.report(len(share) - len(due))
    outcomes = _evaluate_units(due, task.output, load_evaluator, progress) if due else []
    if _Outcome.PASSING in outcomes or _Outcome.LOST_BACKEND in outcomes:
        return EXIT_RETRYABLE
    failed = _Outcome.NO_SPACE in outcomes or (attempts is None and _Outcome.PERMANENT in outcomes)
    return EXIT_BAD_INPUT if failed else 0


def _read_failed_attempts(environment: Mapping[str, str]) -> int | None:
    """Returns the number of failed pods with this pod's index, as the Job counts them; None without a Job."""
    attempts = environment.get("MIXCPT_FAILED_ATTEMPTS")
    if attempts is None:
        return None
    return int(attempts) if attempts.isascii() and attempts.isdigit() else 0


def _select_due_units(unfinished: list[EvaluationUnit], output: Path, attempts: int) -> list[EvaluationUnit]:
    """Returns the units to evaluate, those that failed before last: they may end the pod again.

    The first pod of a Job tries all of them, because an earlier Job may have had another image. Later pods leave out
    permanent failures, and in the end all failures.
    """
    failures = {unit: read_failure(output, unit) for unit in unfinished}
    new = [unit for unit in unfinished if failures[unit] is None]
    if attempts >= _ATTEMPTS_OF_A_UNIT:
        return new
    failed = [unit for unit, failure in failures.items() if failure and not (attempts and failure.permanent)]
    return new + failed


def _evaluate_units(
    due: list[EvaluationUnit], output: Path, load_evaluator: Callable[[], UnitEvaluator], progress: Progress
) -> list[_Outcome]:
    remove_broken_link(output)
    with raise_described_errors():
        evaluate_unit = load_evaluator()
    outcomes: list[_Outcome] = []
    for unit in due:
        outcomes.append(_run_unit(evaluate_unit, unit, output))
        # The units that are left would all fail for the same reason, which is not theirs: the next pod takes them.
        if outcomes[-1] is _Outcome.LOST_BACKEND:
            break
        progress.report(progress.total - len(due) + len(outcomes))
    return outcomes


def _run_unit(evaluate_unit: UnitEvaluator, unit: EvaluationUnit, output: Path) -> _Outcome:
    """Evaluates a unit. Any exception ends this unit only; a partly written file is never read.

    The failure is recorded beforehand, because some end the process.
    """
    try:
        with raise_described_errors():
            write_failure(output, UnitFailure(unit, _NO_MESSAGE, permanent=False))
            evaluate_unit(unit)
            remove_failure(output, unit)
        return _Outcome.SCORED
    except InputError as error:
        outcome = _record_failure(output, unit, error, _Outcome.PERMANENT)
    except LostBackendError as error:
        outcome = _record_failure(output, unit, error, _Outcome.LOST_BACKEND)
    except RetryableError as error:
        outcome = _record_failure(output, unit, error, _Outcome.PASSING)
    except OSError as error:
        _print_failure(unit, error, describe_no_space(error, unit.get_score_path(output)) or str(error))
        outcome = _Outcome.NO_SPACE
    except (KeyboardInterrupt, SystemExit):
        remove_failure(output, unit)
        raise
    free_device_memory()
    return outcome


def _record_failure(output: Path, unit: EvaluationUnit, error: Exception, outcome: _Outcome) -> _Outcome:
    _print_failure(unit, error, str(error))
    try:
        write_failure(output, UnitFailure(unit, " ".join(str(error).split()), outcome is _Outcome.PERMANENT))
    except OSError:
        # Without a record the unit would count as never tried.
        return _Outcome.PASSING
    return outcome


def _print_failure(unit: EvaluationUnit, error: Exception, problem: str) -> None:
    print(f"mixcpt-evaluate {unit.benchmark} {unit.file_stem}: {problem}", file=sys.stderr, flush=True)
    if os.environ.get("MIXCPT_DEBUG"):
        traceback.print_exception(error)
