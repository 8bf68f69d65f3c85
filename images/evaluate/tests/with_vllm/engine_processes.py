"""The processes that vLLM starts."""

from typing import Any

import psutil


def find_engine() -> int:
    """Returns the process id of the only engine that this process has started."""
    (engine,) = (process for process in psutil.Process().children() if "EngineCor" in process.name())
    return engine.pid


def stop_engine(llm: Any) -> None:
    """Ends the engine and waits for it: two engines at once would share the processors."""
    llm.llm_engine.engine_core.shutdown()
    psutil.wait_procs(psutil.Process().children(recursive=True), timeout=60)
