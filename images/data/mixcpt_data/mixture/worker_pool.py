"""Worker processes that share what was loaded before they were forked, and end when their parent does."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Call = tuple[Callable[..., Any], tuple[Any, ...]]


@dataclass(frozen=True)
class Pool:
    workers: int
    executor: ProcessPoolExecutor

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        return self.executor.submit(function, *arguments)

    def run(self, calls: Iterable[Call]) -> None:
        """All of them; raises what the first failing one raised."""
        for future in [self.submit(function, *arguments) for function, arguments in calls]:
            future.result()


@contextmanager
def open_pool(workers: int) -> Iterator[Pool]:
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), initializer=_start)
    try:
        yield Pool(workers, executor)
    except SystemExit:
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _start() -> None:
    # What the parent does with it is not for a worker, which would go on to its next task.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()


def _end_with_parent() -> None:
    """A parent that is killed cannot stop its workers, which would wait for it for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
