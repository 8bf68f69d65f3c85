"""The verb `sib200`: accuracy of topic classification, one unit per language."""

from mixcpt_evaluate.backend import Classifier, load_classifier
from mixcpt_evaluate.run_units import Evaluate, run_units
from mixcpt_evaluate.score_files import Unit, write_scores
from mixcpt_evaluate.sib200_files import LABELS, read_sib200
from mixcpt_evaluate.sib200_prompts import sib200_prompts
from mixcpt_evaluate.task_spec import TaskSpec, read_task_spec
from mixcpt_evaluate.translation_scores import Score
from mixcpt_store.spec import Spec


def sib200(spec: Spec) -> int:
    task = read_task_spec(spec, with_directions=False)
    units = [Unit("sib200", language) for language in task.languages]
    return run_units(task, units, lambda: evaluator(task, load_classifier(task)))


def evaluator(task: TaskSpec, backend: Classifier) -> Evaluate:
    def evaluate(unit: Unit) -> None:
        data = read_sib200(task.benchmarks, unit.language)
        items = len(data.test) if task.limit is None else min(task.limit, len(data.test))
        prompts = sib200_prompts(data, shots=task.shots, seed=task.seed)[:items]
        answers = backend.classify(prompts, LABELS)
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
