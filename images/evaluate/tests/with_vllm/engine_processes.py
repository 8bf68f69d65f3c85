"""The processes that vLLM starts."""

from typing import Any

import psutil


def stop_engine(llm: Any) -> None:
    """Ends the engine and waits for it: two engines at once would share the processors."""
    llm.llm_engine.engine_core.shutdown()
    psutil.wait_procs(psutil.Process().children(recursive=True), timeout=60)
