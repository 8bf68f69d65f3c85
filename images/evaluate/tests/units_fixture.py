"""A benchmark with one unit per language, and the pods of a Job that evaluate them."""

from pathlib import Path

from benchmark_fixture import FixedBackend, build_task, write_benchmarks

from mixcpt_evaluate.run_units import UnitEvaluator, run_units
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_evaluate.tasks.benchmark_definitions import SIB200
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_store.complete import mark_complete

LANGUAGES = ["deu_Latn", "eng_Latn", "xho_Latn", "zul_Latn"]
UNITS = [EvaluationUnit("sib200", language) for language in LANGUAGES]


def build_units_task(directory: Path) -> TaskSpec:
    """Returns the task of all units, with a complete checkpoint."""
    task = build_task(write_benchmarks(directory, LANGUAGES), LANGUAGES)
    task.checkpoint.mkdir()
    mark_complete(task.checkpoint)
    return task


class Pods:
    """The pods of a Job with one index: `errors` are raised by language; `tried` are the units of the last pod."""

    def __init__(self, task: TaskSpec, errors: dict[str, BaseException], job: str = "job-1") -> None:
        self._task, self._errors, self._job = task, errors, job
        self.tried: list[str] = []

    def run(self, failed_attempts: int = 0) -> int:
        self.tried = []
        environment = {"MIXCPT_FAILED_ATTEMPTS": str(failed_attempts), "MIXCPT_JOB": self._job}
        return run_units(self._task, UNITS, self._load_evaluator, environment)

    def list_scored(self) -> list[str]:
        return [unit.language for unit in UNITS if is_unit_finished(self._task.output, unit)]

    def _load_evaluator(self) -> UnitEvaluator:
        good = build_classification_evaluator(SIB200, self._task, FixedBackend())

        def evaluate_unit(unit: EvaluationUnit) -> None:
            self.tried.append(unit.language)
            if unit.language in self._errors:
                raise self._errors[unit.language]
            good(unit)

        return evaluate_unit
