"""Few-shot prompts. Those of SIB-200 and of every translation are the study's, byte for byte."""

from random import Random

from mixcpt_evaluate.tasks.benchmark_definitions import ClassificationBenchmark
from mixcpt_evaluate.tasks.classification_files import ClassificationData
from mixcpt_evaluate.tasks.translation_files import TranslationData
from mixcpt_store.errors import InputError


def draw_item_seeds(seed: int, items: int) -> list[int]:
    """Returns the study's seeds, one for each test item in the order of the file.

    They are the numbers that `random.seed(seed)` and one `random.randint(0, 1000)` per item give.
    """
    random = Random(seed)
    return [random.randint(0, 1000) for _ in range(items)]


def build_classification_prompts(
    benchmark: ClassificationBenchmark, data: ClassificationData, *, shots: int, seed: int
) -> list[str]:
    """Returns one prompt for each test item, in file order; each item draws its shots with its own seed.

    Raises InputError when the train split has fewer items than shots, which are drawn without replacement.
    """
    if len(data.train) < shots:
        raise InputError(
            f"{benchmark.name}: the train split has {len(data.train)} items; spec.shots is {shots}, "
            f"which needs at least {shots}"
        )
    seeds = draw_item_seeds(seed, len(data.test))
    return [
        _build_classification_prompt(benchmark, data, text, shots=shots, seed=item_seed)
        for text, item_seed in zip(data.test["text"], seeds, strict=True)
    ]


def build_translation_prompts(data: TranslationData, source: str, target: str, *, shots: int, seed: int) -> list[str]:
    """Returns one prompt for each test sentence, in file order; each sentence draws its shots with its own seed.

    `source` and `target` are English names of languages.
    """
    languages = (source, target)
    seeds = draw_item_seeds(seed, len(data.source_test))
    return [
        _draw_translation_shots(data, languages, shots=shots, seed=item_seed) + _format_question(languages, sentence)
        for sentence, item_seed in zip(data.source_test, seeds, strict=True)
    ]


def _build_classification_prompt(
    benchmark: ClassificationBenchmark, data: ClassificationData, text: str, *, shots: int, seed: int
) -> str:
    drawn = data.train.sample(n=shots, random_state=seed)
    examples = [
        _fill_example(benchmark.example, shot, label)
        for shot, label in zip(drawn["text"], drawn["category"], strict=True)
    ]
    question = _fill_example(benchmark.question or benchmark.example.removesuffix(" {label}"), text)
    lines = [f"{benchmark.heading}: {', '.join(benchmark.labels)}.", "", *examples, question, ""]
    return "\n".join(lines)


def _fill_example(example: str, text: str, label: str = "") -> str:
    """Fills in the label first, because a text may contain braces."""
    return example.replace("{label}", label).replace("{text}", text)


def _draw_translation_shots(data: TranslationData, languages: tuple[str, str], *, shots: int, seed: int) -> str:
    """Draws pairs with replacement, as the study does."""
    random = Random(seed)
    drawn = [random.randint(0, len(data.source_dev) - 1) for _ in range(shots)]
    return "".join(_format_pair(languages, data.source_dev[index], data.target_dev[index]) for index in drawn)


def _format_pair(languages: tuple[str, str], sentence: str, translation: str) -> str:
    """Formats a shot. A pair without a translation becomes a question, as in the study."""
    if not translation:
        return _format_question(languages, sentence)
    source, target = languages
    return f"[{source}]: {sentence}\n[{target}]: {translation}\n"


def _format_question(languages: tuple[str, str], sentence: str) -> str:
    source, target = languages
    return f"Translate the following sentence from {source} to {target}\n[{source}]: {sentence}\n[{target}]:"
