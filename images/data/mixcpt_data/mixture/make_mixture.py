"""The verb `mixture`: rows of all sources, filtered and shuffled, in the layout that LLaMA-Factory reads."""

import json
import shutil
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from mixcpt_data.filters.benchmark_filter import load_benchmark_texts
from mixcpt_data.filters.language_filter import LanguageFilter
from mixcpt_data.filters.language_model import load_language_model
from mixcpt_data.mixture.budget_shortfall import sentence, shortfalls
from mixcpt_data.mixture.counts import sum_of
from mixcpt_data.mixture.mixture_spec import MixtureSpec, read_mixture_spec
from mixcpt_data.mixture.prepare_shard import Prepared
from mixcpt_data.mixture.schedule import prepare_all
from mixcpt_data.mixture.selection import Ingredient
from mixcpt_data.mixture.statistics import statistics
from mixcpt_data.mixture.token_counter import token_counter
from mixcpt_data.mixture.worker_pool import Pool, open_pool
from mixcpt_data.shuffle.merge import stretches, write_stretch
from mixcpt_store.complete import is_complete, require_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# The name under which a training run asks LLaMA-Factory for the rows.
DATASET_INFO = {"corpus": {"file_name": "train.jsonl", "columns": {"prompt": "text"}}}


def mixture(spec: Spec) -> int | None:
    read = read_mixture_spec(spec)
    if is_complete(read.output):
        return None
    try:
        write_mixture(read)
    except BrokenProcessPool:
        print(
            "mixcpt-data mixture: a worker was killed, for lack of memory most likely; give the pod more, or "
            "lower spec.workers. What is finished is kept: run it again",
            file=sys.stderr,
        )
        return 1
    return None


def write_mixture(spec: MixtureSpec) -> None:
    """What is finished shard by shard lies in OUTPUT.work until the mixture is complete."""
    work = spec.output.with_name(f"{spec.output.name}.work")
    _load_what_workers_share(spec)
    with open_pool(spec.workers) as pool:
        prepared = prepare_all(spec, pool, work)
        _refuse_empty(spec, prepared)
        short = list(shortfalls(spec.ingredients, prepared))
        stats = statistics(_by_name(spec, prepared), spec.settings.repeat, spec.settings.tokenizer)
        with write_directory(spec.output, stats["total"]) as target:
            _write_rows(spec, [shard.directory for shards in prepared for shard in shards], target, pool)
            _write_json(target / "dataset_info.json", DATASET_INFO)
            _write_json(target / "STATS.json", {**stats, "short": short})
    shutil.rmtree(work, ignore_errors=True)
    for source in short:
        print(f"mixcpt-data mixture: {sentence(source)}", file=sys.stderr)
    print(f"{spec.output}: {stats['total']['rows']} rows, {stats['total']['characters']} characters")


def _load_what_workers_share(spec: MixtureSpec) -> None:
    """Before the workers are forked, so that memory is shared; and bad input is found at once."""
    for directory in spec.settings.benchmarks:
        require_complete(directory, "benchmarks")
    if spec.settings.benchmarks:
        load_benchmark_texts(spec.settings.benchmarks)
    if spec.settings.tokenizer:
        require_complete(spec.settings.tokenizer, "tokenizer")
        token_counter(spec.settings.tokenizer)
    for ingredient in spec.ingredients:
        if ingredient.selection.language_model:
            model = load_language_model(ingredient.selection.language_model)
            LanguageFilter(model).check(ingredient.languages)


def _refuse_empty(spec: MixtureSpec, prepared: list[list[Prepared]]) -> None:
    for index, (ingredient, shards) in enumerate(zip(spec.ingredients, prepared, strict=True)):
        if not any(shard.report.get("written") for shard in shards):
            name, why = ingredient.selection.name, _why_nothing(ingredient, shards)
            raise InputError(f"spec.sources[{index}] ({name}) adds nothing to the mixture: {why}")


def _why_nothing(ingredient: Ingredient, shards: list[Prepared]) -> str:
    if any(shard.full for shard in shards):
        return f"tokens is {ingredient.selection.tokens}, less than its first row has"
    found = sum_of(shard.report for shard in shards).get("filter")
    return f"all was dropped: {json.dumps(found, ensure_ascii=False)}" if found else "it has no rows"


def _by_name(spec: MixtureSpec, prepared: list[list[Prepared]]) -> dict[str, list[dict[str, Any]]]:
    reports: dict[str, list[dict[str, Any]]] = {}
    for ingredient, shards in zip(spec.ingredients, prepared, strict=True):
        reports.setdefault(ingredient.selection.name, []).extend(shard.report for shard in shards)
    return reports


def _write_rows(spec: MixtureSpec, directories: list[Path], target: Path, pool: Pool) -> None:
    path = target / "train.jsonl"
    path.touch()
    for_all = stretches(directories, spec.settings.repeat)
    pool.run((write_stretch, (stretch, directories, path)) for stretch in for_all)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
