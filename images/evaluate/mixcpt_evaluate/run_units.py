"""Works through the units of a pod: skips finished ones, goes on after a unit whose input is bad."""

import sys
from collections.abc import Callable
from pathlib import Path

from mixcpt_evaluate.score_files import Unit, is_finished
from mixcpt_evaluate.task_spec import TaskSpec, own_share
from mixcpt_store.complete import require_complete
from mixcpt_store.errors import EXIT_BAD_INPUT, InputError, without_room
from mixcpt_store.progress import Progress

Evaluate = Callable[[Unit], None]


def run_units(task: TaskSpec, units: list[Unit], prepare: Callable[[], Evaluate]) -> int:
    """`prepare` loads the model and is called only when there is something to do.

    Returns 0, or 2 when a unit could not be evaluated; the others' files are written all the same.
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
    failed = 0
    for count, unit in enumerate(left, start=1):
        failed += _run(evaluate, unit, task.output)
        progress.report(len(share) - len(left) + count)
    return EXIT_BAD_INPUT if failed else 0


def _run(evaluate: Evaluate, unit: Unit, output: Path) -> int:
    try:
        evaluate(unit)
    except InputError as error:
        return _failed(unit, str(error))
    except OSError as error:
        # A full disk or a lost mount. What was half written is under another name and never read.
        return _failed(unit, without_room(error, unit.path(output)) or str(error))
    return 0


def _failed(unit: Unit, what: str) -> int:
    print(f"mixcpt-evaluate {unit.benchmark} {unit.stem}: {what}", file=sys.stderr, flush=True)
    return 1
