"""Worker processes that share data loaded before they were forked, and that end with their parent."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

PoolCall = tuple[Callable[..., Any], tuple[Any, ...]]


@dataclass(frozen=True)
class WorkerPool:
    workers: int
    executor: ProcessPoolExecutor

    def submit_call(
        self, function: Callable[_Parameters, _Result], *arguments: _Parameters.args, **options: _Parameters.kwargs
    ) -> "Future[_Result]":
        return self.executor.submit(function, *arguments, **options)

    def run_all(self, calls: Iterable[PoolCall]) -> None:
        """Runs all calls and waits for them. Raises the exception of the first call that failed."""
        for future in [self.submit_call(function, *arguments) for function, arguments in calls]:
            future.result()


@contextmanager
def open_worker_pool(workers: int) -> Iterator[WorkerPool]:
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), initializer=_initialize_worker)
    try:
        yield WorkerPool(workers, executor)
    except SystemExit:
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _initialize_worker() -> None:
    # The parent's SIGTERM handler raises an exception; a worker would survive it and take its next task.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _exit_with_parent()


def _exit_with_parent() -> None:
    """Ends this worker when its parent ends: a killed parent cannot stop its workers, which would wait endlessly."""
    parent = multiprocessing.parent_process()

    def wait_for_parent() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait_for_parent, daemon=True).start()
