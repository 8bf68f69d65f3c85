"""Works through the units of a pod: skips finished ones, goes on after a unit whose input is bad."""

import sys
from collections.abc import Callable
from pathlib import Path

from mixcpt_evaluate.score_files import Unit, is_finished
from mixcpt_evaluate.task_spec import TaskSpec, own_share
from mixcpt_store.complete import require_complete
from mixcpt_store.errors import EXIT_BAD_INPUT, EXIT_RETRYABLE, InputError, RetryableError, describe_no_space
from mixcpt_store.progress import Progress

Evaluate = Callable[[Unit], None]


def run_units(task: TaskSpec, units: list[Unit], prepare: Callable[[], Evaluate]) -> int:
    """`prepare` loads the model and is called only when there is something to do.

    Returns 0, or when units could not be evaluated 1 where one may succeed the next time, else 2; the others'
    files are written all the same.
    """
    require_complete(task.checkpoint, "checkpoint")
    require_complete(task.benchmarks, "benchmarks")
    share = own_share(units, task.shards)
    left = [unit for unit in share if not is_finished(task.output, unit)]
    progress = Progress(len(share), "units")
    progress.report(len(share) - len(left))
    if not left:
        return 0
    evaluate = prepare()
    codes = set()
    for count, unit in enumerate(left, start=1):
        codes.add(_run(evaluate, unit, task.output))
        progress.report(len(share) - len(left) + count)
    return next((code for code in (EXIT_RETRYABLE, EXIT_BAD_INPUT) if code in codes), 0)


def _run(evaluate: Evaluate, unit: Unit, output: Path) -> int:
    try:
        evaluate(unit)
    except InputError as error:
        return _failed(unit, str(error), EXIT_BAD_INPUT)
    except RetryableError as error:
        return _failed(unit, str(error), EXIT_RETRYABLE)
    except OSError as error:
        # A full disk or a lost mount. What was half written is under another name and never read.
        full = describe_no_space(error, unit.path(output))
        return _failed(unit, full or str(error), EXIT_BAD_INPUT if full else EXIT_RETRYABLE)
    return 0


def _failed(unit: Unit, what: str, code: int) -> int:
    print(f"mixcpt-evaluate {unit.benchmark} {unit.stem}: {what}", file=sys.stderr, flush=True)
    return code
