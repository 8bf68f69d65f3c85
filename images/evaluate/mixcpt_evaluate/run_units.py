"""Works through a pod's units: skips finished ones and continues after a unit that fails."""

import sys
from collections.abc import Callable
from pathlib import Path

from mixcpt_evaluate.library_errors import free_device_memory, raise_described_errors
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.task_spec import TaskSpec, select_share
from mixcpt_store.complete import remove_broken_link, require_complete
from mixcpt_store.errors import EXIT_BAD_INPUT, EXIT_RETRYABLE, InputError, RetryableError, describe_no_space
from mixcpt_store.progress import Progress

UnitEvaluator = Callable[[EvaluationUnit], None]


def run_units(task: TaskSpec, units: list[EvaluationUnit], load_evaluator: Callable[[], UnitEvaluator]) -> int:
    """Evaluates this pod's share of `units`; `load_evaluator` loads the model, and only when a unit is unfinished.

    Returns the exit code: 0, or when units failed 1 if one of them may succeed the next time, else 2. The files of
    the other units are written in any case.
    """
    require_complete(task.checkpoint, "checkpoint")
    require_complete(task.benchmarks, "benchmarks")
    share = select_share(units, task.shards)
    unfinished = [unit for unit in share if not is_unit_finished(task.output, unit)]
    progress = Progress(len(share), "units")
    progress.report(len(share) - len(unfinished))
    if not unfinished:
        return 0
    remove_broken_link(task.output)
    with raise_described_errors():
        evaluate_unit = load_evaluator()
    codes = set()
    for count, unit in enumerate(unfinished, start=1):
        codes.add(_run_unit(evaluate_unit, unit, task.output))
        progress.report(len(share) - len(unfinished) + count)
    return next((code for code in (EXIT_RETRYABLE, EXIT_BAD_INPUT) if code in codes), 0)


def _run_unit(evaluate_unit: UnitEvaluator, unit: EvaluationUnit, output: Path) -> int:
    """Returns the unit's exit code. Any exception ends this unit only; a partly written file is never read."""
    try:
        with raise_described_errors():
            evaluate_unit(unit)
        return 0
    except InputError as error:
        code = _report_failure(unit, str(error), EXIT_BAD_INPUT)
    except RetryableError as error:
        code = _report_failure(unit, str(error), EXIT_RETRYABLE)
    except OSError as error:
        full = describe_no_space(error, unit.get_score_path(output))
        code = _report_failure(unit, full or str(error), EXIT_BAD_INPUT)
    free_device_memory()
    return code


def _report_failure(unit: EvaluationUnit, problem: str, code: int) -> int:
    print(f"mixcpt-evaluate {unit.benchmark} {unit.file_stem}: {problem}", file=sys.stderr, flush=True)
    return code
