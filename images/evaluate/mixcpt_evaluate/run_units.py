"""Works through a pod's units, which are independent: one that fails neither ends nor repeats the others."""

import os
import sys
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from mixcpt_evaluate.library_errors import (
    LibraryError,
    LostBackendError,
    free_device_memory,
    raise_described_errors,
)
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.task_spec import TaskSpec, select_share
from mixcpt_evaluate.unit_failures import (
    UnitFailure,
    mark_started,
    read_failure,
    remove_failure,
    remove_mark,
    write_failure,
)
from mixcpt_store.command import print_debug_traceback
from mixcpt_store.complete import remove_broken_link, require_complete
from mixcpt_store.device import require_working_gpu
from mixcpt_store.errors import EXIT_BAD_INPUT, EXIT_RETRYABLE, InputError, RetryableError, describe_no_space
from mixcpt_store.progress import Progress

UnitEvaluator = Callable[[EvaluationUnit], None]

# Our assumption: a failure that passes, such as a lost mount or a restarted driver, has passed by the third attempt;
# each further one loads the model.
_TRIES_OF_A_UNIT = 3
# `podRetries` in jobs/kube/jobSpec.ts: after as many failed pods of its index, a pod is not replaced any more.
_POD_RETRIES = 6


class _Outcome(Enum):
    SCORED = 1
    FAILED = 2
    LOST_BACKEND = 3
    NO_SPACE = 4


@dataclass(frozen=True)
class _Pod:
    """`job` is the uid of its Job; a process without a Job has one of its own. The last pod is not replaced."""

    output: Path
    job: str
    in_job: bool
    is_last: bool

    def read_own_failure(self, unit: EvaluationUnit) -> UnitFailure | None:
        """Returns the unit's failure in this Job; those of a former Job, which may have another image, do not count."""
        failure = read_failure(self.output, unit)
        return failure if failure and failure.job == self.job else None


class _UnitProgress:
    """Counts the units that have a score: one that failed is not done."""

    def __init__(self, total: int, scored: int) -> None:
        self._progress, self._scored = Progress(total, "units"), scored
        self._progress.report(scored)

    def add_scored(self) -> None:
        self._scored += 1
        self._progress.report(self._scored)


def run_units(
    task: TaskSpec,
    units: list[EvaluationUnit],
    load_evaluator: Callable[[], UnitEvaluator],
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Evaluates this pod's share of `units`; `load_evaluator` loads the model, and only when a unit is due.

    Returns the exit code: 1 if a unit is left that may succeed the next time, 2 if the disk is full. Units that failed
    for good are recorded. In the pod of a Job, which has MIXCPT_JOB, they are no reason for another code than 0,
    because the pod that publishes the scores names them and fails; without a Job the code is 2. Raises BrokenNodeError
    if the GPU no longer computes after it was lost.
    """
    require_complete(task.checkpoint, "checkpoint")
    require_complete(task.benchmarks, "benchmarks")
    share = select_share(units, task.shards, environment)
    return run_share(task.output, share, load_evaluator, environment, on_gpu=task.on_gpu)


def run_share(
    output: Path,
    share: list[EvaluationUnit],
    load_evaluator: Callable[[], UnitEvaluator],
    environment: Mapping[str, str] = os.environ,
    *,
    on_gpu: bool = False,
) -> int:
    """Evaluates the units of a share that have no score in `output`. Returns the exit code, as `run_units` does."""
    pod = _read_pod(output, environment)
    unfinished = [unit for unit in share if not is_unit_finished(output, unit)]
    due = _select_due_units(unfinished, pod)
    progress = _UnitProgress(len(share), len(share) - len(unfinished))
    outcomes = _evaluate_units(due, pod, load_evaluator, progress) if due else {}
    if on_gpu and _Outcome.LOST_BACKEND in outcomes.values():
        require_working_gpu()
    return _choose_exit_code(share, outcomes, pod)


def _read_pod(output: Path, environment: Mapping[str, str]) -> _Pod:
    """Reads the variables that the Job's pods have: its uid, and the number of failed pods with this pod's index."""
    failed_pods = environment.get("MIXCPT_FAILED_ATTEMPTS", "")
    return _Pod(
        output,
        job=environment.get("MIXCPT_JOB") or uuid.uuid4().hex,
        in_job="MIXCPT_JOB" in environment,
        is_last=failed_pods.isascii() and failed_pods.isdigit() and int(failed_pods) >= _POD_RETRIES,
    )


def _select_due_units(unfinished: list[EvaluationUnit], pod: _Pod) -> list[EvaluationUnit]:
    """Returns the units that are not given up, those with the most failures last: they may end the pod again."""
    failures = {unit: pod.read_own_failure(unit) for unit in unfinished}
    due = [unit for unit in unfinished if not _is_given_up(failures[unit])]
    return sorted(due, key=lambda unit: -1 if (failure := failures[unit]) is None else failure.tries)


def _is_given_up(failure: UnitFailure | None) -> bool:
    return failure is not None and (failure.permanent or failure.tries >= _TRIES_OF_A_UNIT)


def _choose_exit_code(share: list[EvaluationUnit], outcomes: Mapping[EvaluationUnit, _Outcome], pod: _Pod) -> int:
    """In the last pod of its index, units that have failed are given up: otherwise no score would be published."""
    failures = {unit: pod.read_own_failure(unit) for unit in share if not is_unit_finished(pod.output, unit)}
    left = [unit for unit, failure in failures.items() if not (_is_given_up(failure) or (failure and pod.is_last))]
    if any(outcomes.get(unit) is not _Outcome.NO_SPACE for unit in left):
        return EXIT_RETRYABLE
    return EXIT_BAD_INPUT if left or (failures and not pod.in_job) else 0


def _evaluate_units(
    due: list[EvaluationUnit], pod: _Pod, load_evaluator: Callable[[], UnitEvaluator], progress: _UnitProgress
) -> dict[EvaluationUnit, _Outcome]:
    remove_broken_link(pod.output)
    with raise_described_errors():
        evaluate_unit = load_evaluator()
    outcomes: dict[EvaluationUnit, _Outcome] = {}
    for unit in due:
        outcomes[unit] = _run_unit(evaluate_unit, unit, pod)
        # The units that are left would all fail for the same reason, which is not theirs: the next pod takes them.
        if outcomes[unit] is _Outcome.LOST_BACKEND:
            break
        if outcomes[unit] is _Outcome.SCORED:
            progress.add_scored()
    return outcomes


def _run_unit(evaluate_unit: UnitEvaluator, unit: EvaluationUnit, pod: _Pod) -> _Outcome:
    """Evaluates a unit. Any exception ends this unit only; a partly written file is never read."""
    former: UnitFailure | None = None
    try:
        with raise_described_errors():
            former = pod.read_own_failure(unit)
            # Some failures end the process.
            mark_started(pod.output, unit, job=pod.job, tries=_count_tries(former, is_backend_lost=True))
            evaluate_unit(unit)
            remove_failure(pod.output, unit)
        return _Outcome.SCORED
    except (InputError, RetryableError) as error:
        _print_failure(unit, error, str(error))
        # Without a record, as on a lost mount, the unit counts as one that has not failed again.
        with suppress(OSError):
            write_failure(pod.output, _build_failure(unit, error, pod.job, former))
        free_device_memory()
        return _Outcome.LOST_BACKEND if isinstance(error, LostBackendError) else _Outcome.FAILED
    except OSError as error:
        _print_failure(unit, error, describe_no_space(error, unit.get_score_path(pod.output)) or str(error))
        free_device_memory()
        return _Outcome.NO_SPACE
    finally:
        # Also after a signal, which is not a failure of the unit.
        with suppress(OSError):
            remove_mark(pod.output, unit)


def _count_tries(former: UnitFailure | None, *, is_backend_lost: bool) -> int:
    """The loss of the device or the process counts only if the unit failed before: the node may be at fault."""
    return former.tries + 1 if former else int(not is_backend_lost)


def _build_failure(unit: EvaluationUnit, error: Exception, job: str, former: UnitFailure | None) -> UnitFailure:
    problem, advice = (error.problem, error.advice) if isinstance(error, LibraryError) else (str(error), None)
    return UnitFailure(
        unit,
        " ".join(problem.split()),
        job,
        _count_tries(former, is_backend_lost=isinstance(error, LostBackendError)),
        permanent=isinstance(error, InputError),
        advice=advice,
    )


def _print_failure(unit: EvaluationUnit, error: Exception, problem: str) -> None:
    print(f"mixcpt-evaluate {unit.benchmark} {unit.file_stem}: {problem}", file=sys.stderr, flush=True)
    print_debug_traceback(error)
