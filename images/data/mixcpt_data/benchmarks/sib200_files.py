"""Writes SIB-200's layout: <language>/{train,dev,test}.tsv with ids that all languages share."""

from pathlib import Path
from random import Random

from mixcpt_data.benchmarks.passages import Passage
from mixcpt_data.benchmarks.topics import topic_of

HEADER = "index_id\tcategory\ttext"


def split_passages(wanted: list[Passage], seed: int) -> dict[str, list[Passage]]:
    """About 40 % train, 10 % dev, 50 % test; at least three passages to draw shots from, one to test.

    The test has every topic that there is, as far as it reaches: a model that always gives the same answer
    is right now and then, whichever answer that is.
    """
    order = list(wanted)
    Random(f"{seed}/sib200").shuffle(order)
    train = max(3, len(order) * 2 // 5)
    dev = max(1, len(order) // 10)
    first_of_topic = {topic_of(item.article, item.paragraph): item for item in reversed(order)}
    reserved = list(first_of_topic.values())[: len(order) - train - dev]
    rest = [item for item in order if item not in reserved]
    parts = {"train": rest[:train], "dev": rest[train : train + dev], "test": reserved + rest[train + dev :]}
    return {name: sorted(part, key=lambda passage: passage.identity) for name, part in parts.items()}


def write_sib200(directory: Path, texts: dict[Passage, str], splits: dict[str, list[Passage]]) -> None:
    """`texts` are one language's."""
    directory.mkdir(parents=True)
    for name, part in splits.items():
        lines = [HEADER] + [
            f"{passage.identity}\t{topic_of(passage.article, passage.paragraph)}\t{texts[passage]}" for passage in part
        ]
        (directory / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
