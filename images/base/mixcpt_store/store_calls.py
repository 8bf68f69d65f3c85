"""Calls that the store may never answer, as where its server is away: a thread makes each, and may be left behind.

A read or write of such a store ends by no signal that a program can handle, and by no time limit. The thread ends with
its process: file systems of a network let SIGKILL end the wait.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Generic, NoReturn, TypeVar

from mixcpt_store.errors import RetryableError, format_store_failure

# Our assumption: this is enough to write a marker into a store that is busy, and to read all of a large checkpoint.
STORE_SECONDS = 3600.0

_Result = TypeVar("_Result")


class NoAnswerError(RetryableError):
    """The store has not answered in time."""


def call_store(where: object, call: Callable[[], _Result], seconds: float | None = None) -> _Result:
    """Returns what a call returns, or raises what it raises; raises NoAnswerError after some seconds, by default 3600.

    `where` is the file or folder that the message names. Handlers of signals run in the meantime.
    """
    limit = STORE_SECONDS if seconds is None else seconds
    future = _start(call)
    if not wait([future], limit).done:
        raise NoAnswerError(format_store_failure(where, f"no answer for {limit:g} s"))
    return future.result()


class RepeatedCall(Generic[_Result]):
    """A call that is made again and again, but never twice at the same time."""

    def __init__(self, call: Callable[[], _Result]) -> None:
        self._call = call
        self._pending: Future[_Result] | None = None

    def poll(self, seconds: float) -> _Result | None:
        """Returns what the call returns, or raises what it raises; None if it has not ended after some seconds.

        The next poll then waits for the same call.
        """
        self._pending = self._pending or _start(self._call)
        if not wait([self._pending], seconds).done:
            return None
        return self.finish()

    def finish(self) -> _Result | None:
        """Waits for a call that has not ended, without a limit; None if there is none."""
        pending, self._pending = self._pending, None
        return None if pending is None else pending.result()


def end_process(code: int) -> NoReturn:
    """Ends this process, also with threads in calls that are not answered: sys.exit waits for those of a pool."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _start(call: Callable[[], _Result]) -> "Future[_Result]":
    future: Future[_Result] = Future()
    Thread(target=_make, args=(future, call), daemon=True).start()
    return future


def _make(future: "Future[_Result]", call: Callable[[], _Result]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)
