"""The verbs `flores200` and `translation`: BLEU and chrF++ from and into English.

There is one unit of work for each language and direction.
"""

from mixcpt_evaluate.backends.load import load_translator
from mixcpt_evaluate.backends.protocols import Translator
from mixcpt_evaluate.run_units import UnitEvaluator, run_units
from mixcpt_evaluate.score_files import EvaluationUnit, list_units, write_scores
from mixcpt_evaluate.task_spec import ENGLISH, TaskSpec, read_task_spec
from mixcpt_evaluate.tasks.benchmark_definitions import (
    FLORES200,
    TranslationBenchmark,
    read_translation_benchmark,
)
from mixcpt_evaluate.tasks.flores_plus import read_flores_edition
from mixcpt_evaluate.tasks.prompts import build_translation_prompts
from mixcpt_evaluate.tasks.translation_files import read_translation_data
from mixcpt_evaluate.tasks.translation_scores import compute_translation_scores, require_bleu_tokenizer
from mixcpt_evaluate.tasks.unanswered_items import list_unanswered, mark_unanswered
from mixcpt_store.spec import Spec


def run_flores200(spec: Spec) -> int:
    return _run_translation_task(FLORES200, spec)


def run_translation(spec: Spec) -> int:
    """Scores a benchmark that the spec defines."""
    return _run_translation_task(read_translation_benchmark(spec), spec)


def build_translation_evaluator(benchmark: TranslationBenchmark, task: TaskSpec, backend: Translator) -> UnitEvaluator:
    edition = read_flores_edition(task.benchmarks)
    if edition:
        print(
            f"{task.benchmarks}: this is FLORES+ ({edition}), which corrects FLORES-200; the scores name the edition, "
            "and no report compares them with published values",
            flush=True,
        )

    def evaluate_unit(unit: EvaluationUnit) -> None:
        source, target = get_language_pair(unit)
        data = read_translation_data(benchmark, task.benchmarks, source=source, target=target)
        prompts = build_translation_prompts(
            data, task.language_names[source], task.language_names[target], shots=task.shots, seed=task.seed
        )[: task.limit]
        answers = backend.generate(prompts, task.generation, task.seed)
        unanswered = list_unanswered(unit, answers)
        # An item without an answer is scored as an empty translation: sacreBLEU needs a hypothesis for each reference,
        # and the study scores all of them.
        hypotheses = [answer if isinstance(answer, str) else "" for answer in answers]
        references = data.target_test[: task.limit]
        predictions = [
            mark_unanswered(
                {"src_text": sentence, "ref_text": reference, "hyp_text": hypothesis, "prompt": prompt}, answer
            )
            for sentence, reference, hypothesis, prompt, answer in zip(
                data.source_test[: task.limit], references, hypotheses, prompts, answers, strict=True
            )
        ]
        write_scores(
            task.output,
            unit,
            checkpoint=task.checkpoint,
            scores=compute_translation_scores(hypotheses, references, edition),
            predictions=predictions,
            unanswered=unanswered,
            serving=task.serving if task.backend == "vllm" else None,
        )

    return evaluate_unit


def get_language_pair(unit: EvaluationUnit) -> tuple[str, str]:
    """Returns the codes of the source and the target language."""
    return (ENGLISH, unit.language) if unit.direction == "eng-xx" else (unit.language, ENGLISH)


def _run_translation_task(benchmark: TranslationBenchmark, spec: Spec) -> int:
    task = read_task_spec(spec, with_directions=True)

    def load_evaluator() -> UnitEvaluator:
        require_bleu_tokenizer(task.bleu_tokenizer)
        return build_translation_evaluator(benchmark, task, load_translator(task))

    return run_units(task, list_units(benchmark.name, task.languages, task.directions), load_evaluator)
