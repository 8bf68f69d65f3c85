"""The verb `mixture`: filtered and shuffled rows of all sources, in the layout that LLaMA-Factory reads."""

import json
import shutil
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from mixcpt_data.filters.benchmark_filter import load_benchmark_filter
from mixcpt_data.filters.language_filter import LanguageFilter
from mixcpt_data.mixture.budget_shortfall import count_readings, describe_shortfall, find_shortfalls
from mixcpt_data.mixture.mixture_spec import Ingredient, MixtureSpec, read_mixture_spec
from mixcpt_data.mixture.prepare_shard import PreparedShard
from mixcpt_data.mixture.schedule import prepare_shards
from mixcpt_data.mixture.statistics import build_statistics, sum_counts
from mixcpt_data.mixture.token_counter import load_token_counter
from mixcpt_data.mixture.worker_pool import WorkerPool, open_worker_pool
from mixcpt_data.shuffle.merge import split_into_partitions, write_partition
from mixcpt_store.complete import is_complete, require_complete, write_directory
from mixcpt_store.errors import EXIT_RETRYABLE, InputError
from mixcpt_store.language_model import load_language_model
from mixcpt_store.spec import Spec

# `corpus` is the dataset name that a training run passes to LLaMA-Factory.
_DATASET_INFO = {"corpus": {"file_name": "train.jsonl", "columns": {"prompt": "text"}}}


def make_mixture(spec: Spec) -> int | None:
    mixture_spec = read_mixture_spec(spec)
    if is_complete(mixture_spec.output):
        return None
    try:
        write_mixture(mixture_spec)
    except BrokenProcessPool:
        print(
            "mixcpt-data mixture: a worker was killed, probably for lack of memory; give the pod more memory or "
            "lower spec.workers, then run this again: finished shards are kept",
            file=sys.stderr,
        )
        return EXIT_RETRYABLE
    return None


def write_mixture(spec: MixtureSpec) -> None:
    """Writes the mixture. Finished shards are kept in OUTPUT.work until it is complete."""
    work = spec.output.with_name(f"{spec.output.name}.work")
    _load_shared_data(spec)
    with open_worker_pool(spec.workers) as pool:
        prepared = prepare_shards(spec, pool, work)
        _check_contributions(spec, prepared)
        short = list(find_shortfalls(spec.ingredients, prepared))
        stats = build_statistics(_group_reports(spec, prepared), spec.settings.repeat, spec.settings.tokenizer)
        more = {"licenses": spec.licenses, "repeated": count_readings(spec.ingredients, prepared)}
        with write_directory(spec.output, stats["total"]) as target:
            directories = [shard.directory for shards in prepared for shard in shards]
            _write_rows(target, directories, repeat=spec.settings.repeat, pool=pool)
            _write_indented_json(target / "dataset_info.json", _DATASET_INFO)
            _write_indented_json(target / "STATS.json", {**stats, "short": short, **_omit_empty(more)})
    shutil.rmtree(work, ignore_errors=True)
    for source in short:
        print(f"mixcpt-data mixture: {describe_shortfall(source)}", file=sys.stderr)
    print(f"{spec.output}: {stats['total']['rows']} rows, {stats['total']['characters']} characters")


def _omit_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _load_shared_data(spec: MixtureSpec) -> None:
    """Loads data before the workers are forked, so that they share its memory and invalid input is reported early."""
    for directory in spec.settings.benchmarks:
        require_complete(directory, "benchmarks")
    if spec.settings.benchmarks:
        load_benchmark_filter(spec.settings.benchmarks)
    if spec.settings.tokenizer:
        require_complete(spec.settings.tokenizer, "tokenizer")
        load_token_counter(spec.settings.tokenizer)
    for ingredient in spec.ingredients:
        if ingredient.selection.language_model:
            model = load_language_model(ingredient.selection.language_model)
            LanguageFilter(model).check_languages(ingredient.languages)


def _check_contributions(spec: MixtureSpec, prepared: list[list[PreparedShard]]) -> None:
    """Raises InputError for a source that adds no row."""
    for index, (ingredient, shards) in enumerate(zip(spec.ingredients, prepared, strict=True)):
        if not any(shard.report.get("written") for shard in shards):
            name, reason = ingredient.selection.name, _explain_no_rows(ingredient, shards)
            raise InputError(f"spec.sources[{index}] ({name}) adds nothing to the mixture: {reason}")


def _explain_no_rows(ingredient: Ingredient, shards: list[PreparedShard]) -> str:
    budget = ingredient.selection.budget
    if budget and any(shard.is_full for shard in shards):
        return f"{budget.unit} is {budget.amount}, less than its first row has"
    counts = sum_counts(shard.report for shard in shards).get("filter")
    return f"all rows were dropped: {json.dumps(counts, ensure_ascii=False)}" if counts else "it has no rows"


def _group_reports(spec: MixtureSpec, prepared: list[list[PreparedShard]]) -> dict[str, list[dict[str, Any]]]:
    """Returns the reports of all shards by source name; several sources may have the same name."""
    reports: dict[str, list[dict[str, Any]]] = {}
    for ingredient, shards in zip(spec.ingredients, prepared, strict=True):
        reports.setdefault(ingredient.selection.name, []).extend(shard.report for shard in shards)
    return reports


def _write_rows(target: Path, directories: list[Path], *, repeat: int, pool: WorkerPool) -> None:
    path = target / "train.jsonl"
    path.touch()
    partitions = split_into_partitions(directories, repeat)
    pool.run_all((write_partition, (partition, directories, path)) for partition in partitions)


def _write_indented_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
