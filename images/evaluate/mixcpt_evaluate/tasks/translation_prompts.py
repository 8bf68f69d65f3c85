"""Prompts that ask for a translation, byte for byte as in the study."""

from random import Random

from mixcpt_evaluate.tasks.item_seeds import item_seeds
from mixcpt_evaluate.tasks.translation_files import Translated


def translation_prompts(data: Translated, source: str, target: str, *, shots: int, seed: int) -> list[str]:
    """One prompt per test sentence, in file order. `source` and `target` are English names of languages."""
    seeds = item_seeds(seed, len(data.source_test))
    return [
        _shots(data, source, target, shots, own) + _question(source, target, sentence)
        for sentence, own in zip(data.source_test, seeds, strict=True)
    ]


def _shots(data: Translated, source: str, target: str, shots: int, seed: int) -> str:
    """The same pair may be drawn twice. A pair without a translation reads as a question, as in the study."""
    random = Random(seed)
    drawn = [random.randint(0, len(data.source_dev) - 1) for _ in range(shots)]
    return "".join(_pair(source, target, data.source_dev[index], data.target_dev[index]) for index in drawn)


def _pair(source: str, target: str, sentence: str, translation: str) -> str:
    if not translation:
        return _question(source, target, sentence)
    return f"[{source}]: {sentence}\n[{target}]: {translation}\n"


def _question(source: str, target: str, sentence: str) -> str:
    return f"Translate the following sentence from {source} to {target}\n[{source}]: {sentence}\n[{target}]:"
