"""A small benchmark in the real layouts, and a backend without a model."""

from collections.abc import Sequence
from pathlib import Path

from mixcpt_evaluate.task_spec import Generation, TaskSpec
from mixcpt_store.complete import mark_complete

ROWS = [
    (1, "politics", 'The vote is "open"'),
    (2, "travel", "Trains run again"),
    (3, "sports", "The match ended"),
    (4, "health", "A new clinic"),
    (5, "geography", "The river rose"),
]


def write_benchmarks(folder: Path, languages: Sequence[str]) -> Path:
    for language in languages:
        directory = folder / "sib200" / language
        directory.mkdir(parents=True)
        table = "index_id\tcategory\ttext\n" + "".join(f"{i}\t{label}\t{text}\n" for i, label, text in ROWS)
        for split in ("train", "test"):
            (directory / f"{split}.tsv").write_text(table)
        for split in ("dev", "devtest"):
            (folder / "flores200" / split).mkdir(parents=True, exist_ok=True)
            lines = [f"{language} {split} {number}\n" for number in range(4)]
            (folder / "flores200" / split / f"{language}.{split}").write_text("".join(lines))
    mark_complete(folder, {"sib200": {"train": 5, "test": 5}, "flores200": {"dev": 4, "devtest": 4}})
    return folder


def build_task(folder: Path, languages: Sequence[str], **changes: object) -> TaskSpec:
    values: dict[str, object] = {
        "checkpoint": folder / "checkpoint-4",
        "benchmarks": folder,
        "output": folder / "scores",
        "languages": tuple(languages),
        "directions": ("xx-eng", "eng-xx"),
        "shots": 3,
        "seed": 42,
        "limit": None,
        "shards": 1,
        "batch_tokens": 1024,
        "backend": "transformers",
        "language_names": {language: language for language in ("eng_Latn", *languages)},
        "generation": Generation(8, 0.1, 0.9, 1.2),
    }
    return TaskSpec(**{**values, **changes})  # type: ignore[arg-type]


class FixedBackend:
    """Answers every classification with `politics` and every translation with `same`."""

    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        assert "politics" in labels
        return ["politics"] * len(prompts)

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
        assert generation.max_new_tokens
        assert seed == 42
        return [" same"] * len(prompts)
