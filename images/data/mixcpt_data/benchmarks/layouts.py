"""Splits passages and writes them in the layouts of SIB-200 and FLORES-200."""

from pathlib import Path
from random import Random

from mixcpt_data.benchmarks.passages import Passage
from mixcpt_data.benchmarks.topics import find_topic

_SIB200_HEADER = "index_id\tcategory\ttext"

Splits = dict[str, list[Passage]]


def split_sib200(passages: list[Passage], seed: int) -> Splits:
    """Returns about 40 % train, 10 % dev and 50 % test; at least three passages for few-shot examples and one to test.

    The test split has as many different topics as its size allows: a model that always gives the same answer is
    then sometimes right, whichever answer that is.
    """
    order = list(passages)
    Random(f"{seed}/sib200").shuffle(order)
    train = max(3, len(order) * 2 // 5)
    dev = max(1, len(order) // 10)
    first_of_topic = {find_topic(item.article, item.paragraph): item for item in reversed(order)}
    reserved = list(first_of_topic.values())[: len(order) - train - dev]
    others = [item for item in order if item not in reserved]
    parts = {"train": others[:train], "dev": others[train : train + dev], "test": reserved + others[train + dev :]}
    return {name: sorted(part, key=lambda passage: passage.index_id) for name, part in parts.items()}


def split_flores200(passages: list[Passage]) -> Splits:
    """Returns every other passage as dev (few-shot examples), the others as devtest (test)."""
    return {"dev": passages[::2], "devtest": passages[1::2]}


def write_sib200(directory: Path, texts: dict[Passage, str], splits: Splits) -> None:
    """Writes {train,dev,test}.tsv of one language. All languages share the ids of the passages."""
    directory.mkdir(parents=True)
    for name, part in splits.items():
        lines = [_SIB200_HEADER] + [
            f"{passage.index_id}\t{find_topic(passage.article, passage.paragraph)}\t{texts[passage]}"
            for passage in part
        ]
        (directory / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_flores200(directory: Path, language: str, texts_by_split: dict[str, list[str]]) -> None:
    """Writes {dev,devtest}/<language>.{dev,devtest}. Line N is the same passage in all languages."""
    for name, texts in texts_by_split.items():
        (directory / name).mkdir(parents=True, exist_ok=True)
        (directory / name / f"{language}.{name}").write_text("\n".join(texts) + "\n", encoding="utf-8")
