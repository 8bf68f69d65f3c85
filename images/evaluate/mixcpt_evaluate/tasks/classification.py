"""The verbs `sib200` and `classification`: accuracy, with one unit of work for each language."""

from collections.abc import Sequence

from mixcpt_evaluate.backends.load import load_classifier
from mixcpt_evaluate.backends.protocols import Answer, Classifier
from mixcpt_evaluate.run_units import UnitEvaluator, run_units
from mixcpt_evaluate.score_files import EvaluationUnit, Score, list_units, write_scores
from mixcpt_evaluate.task_spec import TaskSpec, read_task_spec
from mixcpt_evaluate.tasks.benchmark_definitions import (
    SIB200,
    ClassificationBenchmark,
    read_classification_benchmark,
)
from mixcpt_evaluate.tasks.classification_files import read_classification_data
from mixcpt_evaluate.tasks.prompts import build_classification_prompts
from mixcpt_evaluate.tasks.unanswered_items import list_unanswered, mark_unanswered
from mixcpt_store.spec import Spec


def run_sib200(spec: Spec) -> int:
    return _run_classification_task(SIB200, spec)


def run_classification(spec: Spec) -> int:
    """Scores a benchmark that the spec defines."""
    return _run_classification_task(read_classification_benchmark(spec), spec)


def build_classification_evaluator(
    benchmark: ClassificationBenchmark, task: TaskSpec, backend: Classifier
) -> UnitEvaluator:
    def evaluate_unit(unit: EvaluationUnit) -> None:
        data = read_classification_data(benchmark, task.benchmarks, unit.language)
        items = len(data.test) if task.limit is None else min(task.limit, len(data.test))
        prompts = build_classification_prompts(benchmark, data, shots=task.shots, seed=task.seed)[:items]
        answers = backend.classify(prompts, benchmark.labels)
        categories = list(data.test["category"][:items])
        unanswered = list_unanswered(unit, answers)
        predictions = [
            mark_unanswered(
                {
                    "index_id": int(index),
                    "prompt": prompt,
                    "predicted_category": answer if isinstance(answer, str) else None,
                    "correct_category": category,
                },
                answer,
            )
            for index, prompt, answer, category in zip(
                data.test.index[:items], prompts, answers, categories, strict=True
            )
        ]
        write_scores(
            task.output,
            unit,
            checkpoint=task.checkpoint,
            scores=[_compute_accuracy(answers, categories, task)],
            predictions=predictions,
            unanswered=unanswered,
        )

    return evaluate_unit


def _run_classification_task(benchmark: ClassificationBenchmark, spec: Spec) -> int:
    task = read_task_spec(spec, with_directions=False)
    units = list_units(benchmark.name, task.languages)
    return run_units(task, units, lambda: build_classification_evaluator(benchmark, task, load_classifier(task)))


def _compute_accuracy(answers: Sequence[Answer], categories: list[str], task: TaskSpec) -> Score:
    """Returns the accuracy in percent; an item without an answer is wrong."""
    correct = sum(answer == category for answer, category in zip(answers, categories, strict=True))
    signature = f"label:last-token|shots:{task.shots}|seed:{task.seed}"
    return Score("accuracy", round(100 * correct / len(answers), 4), signature)
