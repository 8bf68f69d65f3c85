"""Which shards are prepared, in which order, and where the budget of a source ends."""

import asyncio
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mixcpt_data.mixture.mixture_spec import MixtureSpec
from mixcpt_data.mixture.prepare_shard import Prepared, Task, limited, prepare
from mixcpt_data.mixture.selection import Ingredient
from mixcpt_data.mixture.worker_pool import Pool
from mixcpt_data.shuffle.sampling import Draws
from mixcpt_data.sources.source import Shard
from mixcpt_store.progress import Progress


def prepare_all(spec: MixtureSpec, pool: Pool, work: Path) -> list[list[Prepared]]:
    """What each ingredient takes, shard by shard. Raises the first error of any."""
    shards = [ingredient.source.shards() for ingredient in spec.ingredients]
    total = sum(len(of_source) for of_source in shards)
    progress = _Done(Progress(total, "shards"))
    return asyncio.run(_all(spec, shards, _Bench(pool, work, progress)))


@dataclass
class _Done:
    progress: Progress
    shards: int = 0

    def add(self, shards: int) -> None:
        self.shards += shards
        self.progress.report(self.shards)


@dataclass(frozen=True)
class _Bench:
    pool: Pool
    work: Path
    done: _Done

    def start(self, task: Task) -> "asyncio.Future[Prepared]":
        return asyncio.wrap_future(self.pool.submit(prepare, task, self.work))


async def _all(spec: MixtureSpec, shards: list[Sequence[Shard]], bench: _Bench) -> list[list[Prepared]]:
    takers = [
        _take(ingredient, list(_tasks(spec, number, of_source)), bench)
        for number, (ingredient, of_source) in enumerate(zip(spec.ingredients, shards, strict=True))
    ]
    return list(await asyncio.gather(*takers))


def _tasks(spec: MixtureSpec, number: int, shards: Sequence[Shard]) -> Iterator[Task]:
    selection, settings = spec.ingredients[number].selection, spec.settings
    for index, shard in enumerate(shards):
        yield Task(shard, Draws(settings.seed, number, index), selection, settings)


async def _take(ingredient: Ingredient, tasks: list[Task], bench: _Bench) -> list[Prepared]:
    """Shards in their order until the budget is used up.

    Later shards are begun before earlier ones have said how much they add. The one in which the budget ends
    is prepared again with what is left; those behind it are dropped. So it is as if one came after another.
    """
    left = ingredient.selection.tokens
    waiting, running = iter(tasks), deque[tuple[Task, asyncio.Future[Prepared]]]()
    taken: list[Prepared] = []
    full = False
    while not full:
        more = _ahead(bench.pool.workers, left, taken) - len(running)
        for task in islice(waiting, max(more, 0)):
            running.append((task, bench.start(limited(task, left))))
        if not running:
            break
        task, future = running.popleft()
        prepared = await future
        if left is not None:
            if prepared.tokens > left:
                prepared = await bench.start(limited(task, left))
            left -= prepared.tokens
            full = prepared.full
        taken.append(prepared)
        bench.done.add(1)
    for _, future in running:
        future.cancel()
    if len(taken) < len(tasks):
        bench.done.add(len(tasks) - len(taken))
    return taken


def _ahead(workers: int, left: int | None, taken: list[Prepared]) -> int:
    """How many shards to work on at once: as many as the budget will need, judged by those that are done."""
    if left is None:
        return workers
    if not taken:
        return 1
    mean = sum(prepared.tokens for prepared in taken) / len(taken)
    return max(1, min(workers, math.ceil(left / max(mean, 1))))
