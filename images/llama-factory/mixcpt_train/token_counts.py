"""Counts a corpus's tokens per source and language, with a model's own tokenizer, on all cores of the pod."""

import json
import multiprocessing
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mixcpt_store.byte_ranges import read_lines_between
from mixcpt_store.cores import count_cores

_RANGE_BYTES = 16 * 1024 * 1024
_BATCH = 500
_Key = tuple[str, str]
_Range = tuple[Path, Path, int, int]


def count_tokens(corpus: Path, model: Path) -> dict[str, Any]:
    """`total`, `sources`, `languages`, `sourcesByLanguage`; with the end of sequence that every row gets.

    `corpus` is a mixture's train.jsonl, whose rows name their source and language.
    """
    size = corpus.stat().st_size
    ranges = [(corpus, model, start, start + _RANGE_BYTES) for start in range(0, size, _RANGE_BYTES)]
    counts: Counter[_Key] = Counter()
    with multiprocessing.get_context("spawn").Pool(min(count_cores(), len(ranges))) as pool:
        for part in pool.imap_unordered(_count, ranges):
            counts.update(part)
    return _nested(counts)


def _nested(counts: Counter[_Key]) -> dict[str, Any]:
    sources: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    by_language: dict[str, dict[str, int]] = {}
    for (source, language), tokens in sorted(counts.items()):
        sources[source] += tokens
        languages[language] += tokens
        by_language.setdefault(source, {})[language] = tokens
    total = counts.total()
    return {
        "total": total,
        "sources": dict(sources),
        "languages": dict(sorted(languages.items())),
        "sourcesByLanguage": by_language,
    }


def _count(where: _Range) -> Counter[_Key]:
    from tokenizers import Tokenizer

    corpus, model, start, end = where
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    counts: Counter[_Key] = Counter()
    rows = _rows(corpus, start, end)
    while batch := list(islice(rows, _BATCH)):
        encoded = tokenizer.encode_batch_fast([row["text"] for row in batch], add_special_tokens=False)
        for row, encoding in zip(batch, encoded, strict=True):
            counts[row["source"], row["language"]] += len(encoding.ids) + 1
    return counts


def _rows(corpus: Path, start: int, end: int) -> Iterator[dict[str, str]]:
    """The rows whose first byte lies in [start, end)."""
    with corpus.open("rb") as file:
        yield from map(json.loads, read_lines_between(file, start, end))
