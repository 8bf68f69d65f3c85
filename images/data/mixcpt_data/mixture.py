"""The verb `mixture`: rows of all sources, shuffled, in the layout that LLaMA-Factory reads."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from mixcpt_data.source import Row, Source
from mixcpt_data.source_spec import read_source
from mixcpt_data.statistics import statistics
from mixcpt_store.complete import finished_directory, is_complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# The name under which a training run asks LLaMA-Factory for the rows.
DATASET_INFO = {"corpus": {"file_name": "train.jsonl", "columns": {"prompt": "text"}}}


def mixture(spec: Spec) -> None:
    output = spec.path("output")
    seed = spec.integer("seed")
    repeat = spec.integer("repeat", default=1, minimum=1)
    sources = [read_source(source) for source in spec.children("sources")]
    if not sources and not spec.problems:
        spec.problem("sources", "is empty; name at least one source")
    spec.finish()
    if not is_complete(output):
        write_mixture(output, mixed_rows(sources, seed, repeat))


def mixed_rows(sources: Sequence[Source], seed: int, repeat: int) -> list[Row]:
    """All rows `repeat` times, each time in another order. Equal seeds give equal rows in equal order."""
    rows = [row for index, source in enumerate(sources) for row in source.rows(Random(f"{seed}/{index}"))]
    mixed: list[Row] = []
    for round_number in range(repeat):
        order = list(rows)
        Random(f"{seed}/order/{round_number}").shuffle(order)
        mixed += order
    return mixed


def write_mixture(output: Path, rows: Sequence[Row]) -> None:
    if not rows:
        raise InputError("the sources of this mixture have no rows; look at heldOutArticles and megabytes")
    counts = statistics(rows)
    with finished_directory(output, counts["total"]) as directory:
        with (directory / "train.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"text": row.text}, ensure_ascii=False) + "\n" for row in rows)
        (directory / "dataset_info.json").write_text(
            json.dumps(DATASET_INFO, indent=2) + "\n", encoding="utf-8"
        )
        (directory / "STATS.json").write_text(
            json.dumps(counts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    print(f"{output}: {counts['total']['rows']} rows, {counts['total']['characters']} characters")
