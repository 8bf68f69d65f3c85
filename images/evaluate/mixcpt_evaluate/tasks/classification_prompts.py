"""Prompts that ask for a label. SIB-200's are the study's, byte for byte."""

from mixcpt_evaluate.tasks.benchmark_definitions import Classification
from mixcpt_evaluate.tasks.classification_files import Classified
from mixcpt_evaluate.tasks.item_seeds import item_seeds


def classification_prompts(benchmark: Classification, data: Classified, *, shots: int, seed: int) -> list[str]:
    """One prompt per test item, in file order; each item draws its shots with a seed of its own."""
    seeds = item_seeds(seed, len(data.test))
    return [_prompt(benchmark, data, text, shots, own) for text, own in zip(data.test["text"], seeds, strict=True)]


def _prompt(benchmark: Classification, data: Classified, text: str, shots: int, seed: int) -> str:
    drawn = data.train.sample(n=shots, random_state=seed)
    examples = [
        _filled(benchmark.example, shot, label) for shot, label in zip(drawn["text"], drawn["category"], strict=True)
    ]
    question = _filled(benchmark.example.removesuffix(" {label}"), text)
    lines = [f"{benchmark.heading}: {', '.join(benchmark.labels)}.", "", *examples, question, ""]
    return "\n".join(lines)


def _filled(template: str, text: str, label: str = "") -> str:
    """The label first: a text may hold braces."""
    return template.replace("{label}", label).replace("{text}", text)
