"""Prepares one shard: reads, filters and counts its rows, and writes them as runs for the shuffle."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from mixcpt_data.filters.row_filters import build_row_filters
from mixcpt_data.mixture.budget import count_budget
from mixcpt_data.mixture.format_example import format_example
from mixcpt_data.mixture.mixture_spec import MixtureSettings, Selection
from mixcpt_data.mixture.statistics import Counts, add_counts, count_text
from mixcpt_data.mixture.token_counter import load_token_counter
from mixcpt_data.shuffle.sampling import RowSampling
from mixcpt_data.shuffle.spill import SpillWriter
from mixcpt_data.sources.source import Row, Shard
from mixcpt_store.complete import is_complete, write_directory

# Rows whose tokens are counted in one call of the tokenizer.
_BATCH_ROWS = 256


@dataclass(frozen=True)
class ShardTask:
    """A shard to prepare, for the first time or as a repetition. `limit` is what it may use of the budget at most."""

    shard: Shard
    sampling: RowSampling
    selection: Selection
    settings: MixtureSettings
    repetition: int = 0
    limit: int | None = None

    def find_directory(self, work: Path) -> Path:
        """Returns a directory named by everything that determines its content, so only the same work is reused."""
        return work / blake2b(repr(self).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True)
class PreparedShard:
    """`report` has `written` and `filter` counts by language, and `used`: what it uses of the budget."""

    directory: Path
    report: Counts
    repetition: int = 0

    @property
    def used_budget(self) -> int:
        used: int = self.report["used"]
        return used

    @property
    def is_full(self) -> bool:
        """True when the next row would have exceeded the limit."""
        return "full" in self.report


class _FilteredRow(NamedTuple):
    """A row with its number in the shard and the reason to drop it, or None."""

    number: int
    row: Row
    drop_reason: str | None


class _Example(NamedTuple):
    """A filtered row with the text of its training example. A dropped row has an empty `text` and no tokens."""

    source: _FilteredRow
    text: str
    tokens: int


def prepare_shard(task: ShardTask, work: Path) -> PreparedShard:
    """Prepares a shard, or reads the result of an attempt that finished the same task.

    Raises InputError for invalid input.
    """
    directory = task.find_directory(work)
    if not is_complete(directory):
        with write_directory(directory, {}) as target:
            report = _spill_rows(task, target)
            (target / "report.json").write_text(json.dumps(report), encoding="utf-8")
    report = json.loads((directory / "report.json").read_text(encoding="utf-8"))
    return PreparedShard(directory, report, task.repetition)


def _spill_rows(task: ShardTask, target: Path) -> Counts:
    report: Counts = {"used": 0}
    budget = task.selection.budget
    writer = SpillWriter(target, task.settings.repeat)
    for example in _format_examples(task, _filter_rows(task)):
        row, dropped = example.source.row, example.source.drop_reason
        used = count_budget(row, budget.unit, example.tokens) if budget and not dropped else 0
        if task.limit is not None and report["used"] + used > task.limit:
            report["full"] = 1
            break
        report["used"] += used
        _count_example(task, report, example)
        if example.source.drop_reason is None:
            line = _encode_example(task.selection.name, example)
            for repetition in range(task.settings.repeat):
                writer.add_row(task.sampling.draw_sort_key(example.source.number, repetition), repetition, line)
    writer.flush_run()
    return report


def _filter_rows(task: ShardTask) -> Iterator[_FilteredRow]:
    filters = build_row_filters(
        task.sampling,
        fraction=task.selection.fraction,
        benchmarks=task.settings.benchmarks,
        language_model=task.selection.language_model,
    )
    random = Random(f"{task.sampling.seed}/{task.sampling.source}/{task.sampling.shard}")
    for number, row in enumerate(task.shard.read_rows(random)):
        reasons = (find_drop_reason(number, row) for find_drop_reason in filters)
        yield _FilteredRow(number, row, next((reason for reason in reasons if reason), None))


def _format_examples(task: ShardTask, rows: Iterator[_FilteredRow]) -> Iterator[_Example]:
    """Adds the text of the training example and its tokens, counted in batches."""
    count_tokens = load_token_counter(task.settings.tokenizer) if task.settings.tokenizer else None
    while batch := list(islice(rows, _BATCH_ROWS)):
        texts = ["" if item.drop_reason else _format_text(task, item) for item in batch]
        tokens = count_tokens(texts) if count_tokens else [0] * len(texts)
        for item, text, count in zip(batch, texts, tokens, strict=True):
            yield _Example(item, text, count)


def _format_text(task: ShardTask, item: _FilteredRow) -> str:
    is_swapped = task.sampling.is_swapped(item.number)
    return format_example(item.row, task.settings.language_names, swap_sides=is_swapped)


def _count_example(task: ShardTask, report: Counts, example: _Example) -> None:
    label, reason = example.source.row.label, example.source.drop_reason
    verdict: dict[str, Any] = {"dropped": {reason: 1}} if reason else {"kept": 1}
    add_counts(report, {"filter": {label: {"read": 1, **verdict}}})
    if reason is None:
        tokens = {"tokens": example.tokens} if task.settings.tokenizer else {}
        add_counts(report, {"written": {label: {**count_text(example.text), **tokens}}})


def _encode_example(source: str, example: _Example) -> bytes:
    row = {"text": example.text, "source": source, "language": example.source.row.label}
    return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "replace")
