"""Schedules the shards of all sources and finds where each source's budget ends."""

import asyncio
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from mixcpt_data.mixture.mixture_spec import Ingredient, MixtureSpec, Selection
from mixcpt_data.mixture.prepare_shard import PreparedShard, ShardTask, prepare_shard
from mixcpt_data.mixture.worker_pool import WorkerPool
from mixcpt_data.shuffle.sampling import RowSampling
from mixcpt_data.sources.source import Shard
from mixcpt_store.progress import Progress


def prepare_shards(spec: MixtureSpec, pool: WorkerPool, work: Path) -> list[list[PreparedShard]]:
    """Returns the shards that the mixture takes from each ingredient, in their order. Raises the first error."""
    shards = [ingredient.source.list_shards() for ingredient in spec.ingredients]
    total = sum(
        len(source_shards) * ingredient.selection.repeat
        for ingredient, source_shards in zip(spec.ingredients, shards, strict=True)
    )
    progress = _ShardProgress(Progress(total, "shards"))
    return asyncio.run(_prepare_ingredients(spec, shards, _Scheduler(pool, work, progress)))


@dataclass
class _ShardProgress:
    progress: Progress
    shards: int = 0

    def add_shards(self, shards: int) -> None:
        self.shards += shards
        self.progress.report(self.shards)


@dataclass(frozen=True)
class _Scheduler:
    pool: WorkerPool
    work: Path
    progress: _ShardProgress

    def start_task(self, task: ShardTask) -> "asyncio.Future[PreparedShard]":
        return asyncio.wrap_future(self.pool.submit_call(prepare_shard, task, self.work))


async def _prepare_ingredients(
    spec: MixtureSpec, shards: list[Sequence[Shard]], scheduler: _Scheduler
) -> list[list[PreparedShard]]:
    results = [
        _prepare_until_full(ingredient, list(_build_tasks(spec, index, source_shards)), scheduler)
        for index, (ingredient, source_shards) in enumerate(zip(spec.ingredients, shards, strict=True))
    ]
    return list(await asyncio.gather(*results))


def _build_tasks(spec: MixtureSpec, source: int, shards: Sequence[Shard]) -> Iterator[ShardTask]:
    """Yields the shards, once more for each repetition: rows are then drawn and sorted by other random values."""
    selection, settings = spec.ingredients[source].selection, spec.settings
    for index, shard in enumerate(list(shards) * selection.repeat):
        yield ShardTask(shard, RowSampling(settings.seed, source, index), selection, settings, index // len(shards))


async def _prepare_until_full(
    ingredient: Ingredient, tasks: list[ShardTask], scheduler: _Scheduler
) -> list[PreparedShard]:
    """Prepares shards in their order until the budget is used up, or a whole reading of the source has kept no row.

    Later shards start before earlier ones have reported what they use. The shard in which the budget ends is prepared
    again with what is left; the shards after it are dropped. The result is therefore the same as when
    the shards are prepared one after the other.
    """
    budget = ingredient.selection.budget
    budget_left = budget.amount if budget else None
    waiting, running = iter(tasks), deque[tuple[ShardTask, asyncio.Future[PreparedShard]]]()
    taken: list[PreparedShard] = []
    has_ended = False
    while not has_ended:
        free = _count_parallel_shards(scheduler.pool.workers, budget_left, taken) - len(running)
        for task in islice(waiting, max(free, 0)):
            running.append((task, scheduler.start_task(replace(task, limit=budget_left))))
        if not running:
            break
        task, future = running.popleft()
        prepared = await future
        if budget_left is not None:
            if prepared.used_budget > budget_left:
                prepared = await scheduler.start_task(replace(task, limit=budget_left))
            budget_left -= prepared.used_budget
        taken.append(prepared)
        scheduler.progress.add_shards(1)
        has_ended = prepared.is_full or _has_no_rows(ingredient.selection, taken, len(tasks))
    for _, future in running:
        future.cancel()
    if len(taken) < len(tasks):
        scheduler.progress.add_shards(len(tasks) - len(taken))
    return taken


def _has_no_rows(selection: Selection, taken: Sequence[PreparedShard], tasks: int) -> bool:
    """Returns whether the first reading has kept no row, so that no repetition would. A fraction is drawn again."""
    is_read_once = len(taken) == tasks // selection.repeat
    return is_read_once and selection.fraction == 1 and not any("written" in prepared.report for prepared in taken)


def _count_parallel_shards(workers: int, budget_left: int | None, taken: list[PreparedShard]) -> int:
    """Estimates from the finished shards how many more the budget needs, and limits that to `workers`."""
    if budget_left is None:
        return workers
    if not taken:
        return 1
    mean = sum(prepared.used_budget for prepared in taken) / len(taken)
    return max(1, min(workers, math.ceil(budget_left / max(mean, 1))))
