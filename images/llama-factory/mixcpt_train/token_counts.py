"""Counts a corpus's tokens per source and language with a model's own tokenizer, on all cores of the pod."""

import json
import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import Any

from mixcpt_store.byte_ranges import read_lines_between
from mixcpt_store.cores import count_cores
from mixcpt_store.errors import RetryableError

_RANGE_BYTES = 16 * 1024 * 1024
_ROWS_PER_BATCH = 500
_SourceLanguage = tuple[str, str]
_CorpusRange = tuple[Path, Path, int, int]


def count_tokens(corpus: Path, model: Path) -> dict[str, Any]:
    """Returns `total`, `sources`, `languages` and `sourcesByLanguage`, one end of sequence per row included.

    `corpus` is a mixture's train.jsonl, whose rows name their source and language. Raises RetryableError if one of the
    processes is killed.
    """
    size = corpus.stat().st_size
    ranges = [(corpus, model, start, start + _RANGE_BYTES) for start in range(0, size, _RANGE_BYTES)]
    counts: Counter[_SourceLanguage] = Counter()
    # Not a Pool, which waits without an end for what a killed process was counting.
    pool = ProcessPoolExecutor(min(count_cores(), len(ranges)), multiprocessing.get_context("spawn"))
    try:
        for part in pool.map(_count_range, ranges):
            counts.update(part)
    except SystemExit:
        # Of a pod that is told to stop: a range may take longer than what is left of its grace.
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    except BrokenProcessPool as error:
        raise RetryableError(
            f"a process that counted the tokens of {corpus} was killed, probably for lack of memory: give the pod more "
            "memory for each core"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)
    return _group_counts(counts)


def _group_counts(counts: Counter[_SourceLanguage]) -> dict[str, Any]:
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


def _count_range(corpus_range: _CorpusRange) -> Counter[_SourceLanguage]:
    from tokenizers import Tokenizer

    corpus, model, start, end = corpus_range
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    counts: Counter[_SourceLanguage] = Counter()
    rows = _read_rows(corpus, start, end)
    while batch := list(islice(rows, _ROWS_PER_BATCH)):
        encoded = tokenizer.encode_batch_fast([row["text"] for row in batch], add_special_tokens=False)
        for row, encoding in zip(batch, encoded, strict=True):
            counts[row["source"], row["language"]] += len(encoding.ids) + 1
    return counts


def _read_rows(corpus: Path, start: int, end: int) -> Iterator[dict[str, str]]:
    """Yields the rows whose first byte is in [start, end)."""
    with corpus.open("rb") as file:
        yield from map(json.loads, read_lines_between(file, start, end))
