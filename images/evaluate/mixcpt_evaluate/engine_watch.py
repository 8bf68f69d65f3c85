"""Ends the wait for vLLM's engine when one of its processes is killed.

vLLM 0.23 notices that, too, and closes the connection. But only the client of its server then gets an error: `generate`
of `vllm.LLM` waits for answers without an end.
"""

import os
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from queue import Queue
from threading import Thread
from typing import Any, TypeVar

from mixcpt_evaluate.engine_ends import count_oom_kills, describe_process_end
from mixcpt_evaluate.engine_errors import record_engine_end

Llm = TypeVar("Llm")


def watch_engine(llm: Llm) -> Llm:
    """Watches the processes of a `vllm.LLM` from another thread, and returns it. An engine in this process has none."""
    client: Any = getattr(getattr(llm, "llm_engine", None), "engine_core", None)
    manager = getattr(getattr(client, "resources", None), "engine_manager", None)
    if processes := getattr(manager, "processes", ()):
        watched = (processes, client.outputs_queue, count_oom_kills(), dict(os.environ))
        Thread(target=_end_wait, args=watched, name="engine-watch", daemon=True).start()
    return llm


def _end_wait(
    processes: Sequence[BaseProcess], outputs: "Queue[Any]", oom_kills: int, environment: Mapping[str, str]
) -> None:
    """Records the end of the first process that ends, then puts it where `generate` waits.

    vLLM raises what it finds there, or an EngineDeadError in its place.
    """
    ended = wait([process.sentinel for process in processes])
    process = next(process for process in processes if process.sentinel in ended)
    end = describe_process_end(process, count_oom_kills() - oom_kills)
    record_engine_end(end, environment)
    outputs.put(end)
