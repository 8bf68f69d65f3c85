"""The processes that vLLM starts."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread, Timer
from types import FrameType
from typing import Any

import psutil

_KILL_SECONDS = 2.0
_START_SECONDS = 300.0


def stop_engine(llm: Any) -> None:
    """Ends the engine and waits for it: two engines at once would share the processors."""
    llm.llm_engine.engine_core.shutdown()
    psutil.wait_procs(psutil.Process().children(recursive=True), timeout=60)


@contextmanager
def kill_engine(llm: Any) -> Iterator[int]:
    """Kills the engine's process while the block waits for its answers, and yields its number.

    The engine is stopped before, so that it cannot answer in the meantime.
    """
    (process,) = llm.llm_engine.engine_core.resources.engine_manager.processes
    engine = psutil.Process(process.pid)
    engine.suspend()
    timer = Timer(_KILL_SECONDS, engine.kill)
    timer.start()
    try:
        yield engine.pid
    finally:
        timer.join()


def kill_starting_engine() -> Thread:
    """Kills the next engine of this process as soon as it has its name, which is before it is ready."""
    thread = Thread(target=_kill_first_engine, daemon=True)
    thread.start()
    return thread


def _kill_first_engine() -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        for child in psutil.Process().children():
            try:
                if any("EngineCore" in word for word in child.cmdline()):
                    child.kill()
                    return
            except psutil.Error:  # it has ended
                continue
        time.sleep(0.05)


@contextmanager
def limit_wait(seconds: int) -> Iterator[None]:
    """Raises TimeoutError in a block that waits longer, so that a test cannot hang."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"still waiting after {seconds} s")

    former = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)
