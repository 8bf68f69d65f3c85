"""The verbs `sib200` and `classification`: accuracy, one unit per language."""

from mixcpt_evaluate.backends.load import load_classifier
from mixcpt_evaluate.backends.protocols import Classifier
from mixcpt_evaluate.run_units import Evaluate, run_units
from mixcpt_evaluate.score_files import Unit, write_scores
from mixcpt_evaluate.task_spec import TaskSpec, read_task_spec
from mixcpt_evaluate.tasks.benchmark_definitions import SIB200, Classification, read_classification
from mixcpt_evaluate.tasks.classification_files import read_classified
from mixcpt_evaluate.tasks.classification_prompts import classification_prompts
from mixcpt_evaluate.tasks.translation_scores import Score
from mixcpt_store.spec import Spec


def sib200(spec: Spec) -> int:
    return _classify(SIB200, spec)


def classification(spec: Spec) -> int:
    """A benchmark that the spec describes."""
    return _classify(read_classification(spec), spec)


def _classify(benchmark: Classification, spec: Spec) -> int:
    task = read_task_spec(spec, with_directions=False)
    units = [Unit(benchmark.name, language) for language in task.languages]
    return run_units(task, units, lambda: evaluator(benchmark, task, load_classifier(task)))


def evaluator(benchmark: Classification, task: TaskSpec, backend: Classifier) -> Evaluate:
    def evaluate(unit: Unit) -> None:
        data = read_classified(benchmark, task.benchmarks, unit.language)
        items = len(data.test) if task.limit is None else min(task.limit, len(data.test))
        prompts = classification_prompts(benchmark, data, shots=task.shots, seed=task.seed)[:items]
        answers = backend.classify(prompts, benchmark.labels)
        predictions = [
            {
                "index_id": int(index),
                "prompt": prompt,
                "predicted_category": answer,
                "correct_category": category,
            }
            for index, prompt, answer, category in zip(
                data.test.index[:items], prompts, answers, data.test["category"][:items], strict=True
            )
        ]
        write_scores(
            task.output,
            unit,
            checkpoint=task.checkpoint,
            scores=[_accuracy(answers, list(data.test["category"][:items]), task)],
            predictions=predictions,
        )

    return evaluate


def _accuracy(answers: list[str], categories: list[str], task: TaskSpec) -> Score:
    """Percent."""
    right = sum(answer == category for answer, category in zip(answers, categories, strict=True))
    signature = f"label:last-token|shots:{task.shots}|seed:{task.seed}"
    return Score("accuracy", round(100 * right / len(answers), 4), signature)
