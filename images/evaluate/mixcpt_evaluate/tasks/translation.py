"""The verbs `flores200` and `translation`: from and into English, one unit per language and direction."""

from mixcpt_evaluate.backends.load import load_translator
from mixcpt_evaluate.backends.protocols import Translator
from mixcpt_evaluate.run_units import Evaluate, run_units
from mixcpt_evaluate.score_files import Unit, write_scores
from mixcpt_evaluate.task_spec import TaskSpec, read_task_spec
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, Translation, read_translation
from mixcpt_evaluate.tasks.flores_plus import edition_of
from mixcpt_evaluate.tasks.translation_files import read_translated
from mixcpt_evaluate.tasks.translation_prompts import translation_prompts
from mixcpt_evaluate.tasks.translation_scores import require_bleu_tokenizer, translation_scores
from mixcpt_store.languages import LANGUAGE_NAMES
from mixcpt_store.spec import Spec

ENGLISH = "eng_Latn"


def flores200(spec: Spec) -> int:
    return _translate(FLORES200, spec)


def translation(spec: Spec) -> int:
    """A benchmark that the spec describes."""
    return _translate(read_translation(spec), spec)


def _translate(benchmark: Translation, spec: Spec) -> int:
    task = read_task_spec(spec, with_directions=True)
    units = units_of(benchmark, task)

    def prepare() -> Evaluate:
        require_bleu_tokenizer(task.bleu_tokenizer)
        return evaluator(benchmark, task, load_translator(task))

    return run_units(task, units, prepare)


def units_of(benchmark: Translation, task: TaskSpec) -> list[Unit]:
    """English is never translated into itself."""
    languages = [language for language in task.languages if language != ENGLISH]
    return [Unit(benchmark.name, language, direction) for language in languages for direction in task.directions]


def evaluator(benchmark: Translation, task: TaskSpec, backend: Translator) -> Evaluate:
    edition = edition_of(task.benchmarks)
    if edition:
        print(
            f"{task.benchmarks} is FLORES+ ({edition}), which corrects FLORES-200: the scores name it, "
            "and no report sets them beside published ones",
            flush=True,
        )

    def evaluate(unit: Unit) -> None:
        source, target = languages_of(unit)
        data = read_translated(benchmark, task.benchmarks, source, target)
        prompts = translation_prompts(
            data, LANGUAGE_NAMES[source], LANGUAGE_NAMES[target], shots=task.shots, seed=task.seed
        )[: task.limit]
        answers = backend.generate(prompts, task.generation, task.seed)
        references = data.target_test[: task.limit]
        predictions = [
            {"src_text": sentence, "ref_text": reference, "hyp_text": answer, "prompt": prompt}
            for sentence, reference, answer, prompt in zip(
                data.source_test[: task.limit], references, answers, prompts, strict=True
            )
        ]
        write_scores(
            task.output,
            unit,
            checkpoint=task.checkpoint,
            scores=translation_scores(answers, references, edition),
            predictions=predictions,
        )

    return evaluate


def languages_of(unit: Unit) -> tuple[str, str]:
    """Source and target language code."""
    return (ENGLISH, unit.language) if unit.direction == "eng-xx" else (unit.language, ENGLISH)
