"""Prepares one shard: reads, filters and counts its rows, and spills them for the shuffle."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from mixcpt_data.filters.row_filters import judges_of
from mixcpt_data.mixture.counts import Counts, add, count_text
from mixcpt_data.mixture.format_example import instance
from mixcpt_data.mixture.selection import Selection, Settings
from mixcpt_data.mixture.token_counter import token_counter
from mixcpt_data.shuffle.sampling import Draws
from mixcpt_data.shuffle.spill import Spill
from mixcpt_data.sources.source import Row, Shard
from mixcpt_store.complete import is_complete, write_directory

_BATCH = 256
_Judged = tuple[int, Row, str | None]


@dataclass(frozen=True)
class Task:
    """`limit` is how many tokens the shard may add at most."""

    shard: Shard
    draws: Draws
    selection: Selection
    settings: Settings
    limit: int | None = None

    def directory(self, work: Path) -> Path:
        """Named by all that decides the content: finished work is found again, and no other."""
        return work / blake2b(repr(self).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """`report` has `written` and `filter` counts by language, and `tokens`."""

    directory: Path
    report: Counts

    @property
    def tokens(self) -> int:
        return self.report["tokens"]

    @property
    def full(self) -> bool:
        """The next row would have exceeded the limit."""
        return "full" in self.report


def prepare(task: Task, work: Path) -> Prepared:
    """Nothing is done where an earlier attempt finished this very task. Raises InputError for bad input."""
    directory = task.directory(work)
    if not is_complete(directory):
        with write_directory(directory, {}) as target:
            report = _spill(task, target)
            (target / "report.json").write_text(json.dumps(report), encoding="utf-8")
    return Prepared(directory, json.loads((directory / "report.json").read_text(encoding="utf-8")))


def limited(task: Task, limit: int | None) -> Task:
    return replace(task, limit=limit)


def _spill(task: Task, target: Path) -> Counts:
    report: Counts = {"tokens": 0}
    spill = Spill(target, task.settings.repeat)
    for number, row, reason, text, tokens in _measured(task, _judged(task)):
        if task.limit is not None and report["tokens"] + tokens > task.limit:
            report["full"] = 1
            break
        _count(task, report, row, reason, text, tokens)
        if reason is None:
            line = _line(task.selection.name, row.label, text)
            for repetition in range(task.settings.repeat):
                spill.add(task.draws.key(number, repetition), repetition, line)
    spill.flush()
    return report


def _judged(task: Task) -> Iterator[_Judged]:
    judges = judges_of(task.selection, task.settings, task.draws)
    random = Random(f"{task.draws.seed}/{task.draws.source}/{task.draws.shard}")
    for number, row in enumerate(task.shard.rows(random)):
        reasons = (judge(number, row) for judge in judges)
        yield number, row, next((reason for reason in reasons if reason), None)


def _measured(task: Task, judged: Iterator[_Judged]) -> Iterator[tuple[int, Row, str | None, str, int]]:
    """Adds the instance and its tokens, counted many at a time; both are empty for a row that is dropped."""
    counter = token_counter(task.settings.tokenizer) if task.settings.tokenizer else None
    while batch := list(islice(judged, _BATCH)):
        texts = ["" if reason else instance(row, swapped=task.draws.swapped(number)) for number, row, reason in batch]
        tokens = counter(texts) if counter else [0] * len(texts)
        for (number, row, reason), text, count in zip(batch, texts, tokens, strict=True):
            yield number, row, reason, text, count


def _count(task: Task, report: Counts, row: Row, reason: str | None, text: str, tokens: int) -> None:
    verdict: dict[str, Any] = {"dropped": {reason: 1}} if reason else {"kept": 1}
    add(report, {"filter": {row.label: {"read": 1, **verdict}}})
    if reason is None:
        measured = {"tokens": tokens} if task.settings.tokenizer else {}
        add(report, {"written": {row.label: {**count_text(text), **measured}}, "tokens": tokens})


def _line(source: str, language: str, text: str) -> bytes:
    row = {"text": text, "source": source, "language": language}
    return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "replace")
