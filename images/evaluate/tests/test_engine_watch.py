"""The end of a process of vLLM's engine, with real processes; with_vllm/ tests the same on vLLM itself."""

import faulthandler
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Queue
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from units_fixture import LANGUAGES, UNITS, Pods, build_units_task

from mixcpt_evaluate import engine_ends
from mixcpt_evaluate.engine_ends import count_oom_kills, describe_process_end
from mixcpt_evaluate.engine_errors import raise_engine_errors, read_engine_error, record_engine_errors
from mixcpt_evaluate.engine_watch import watch_engine
from mixcpt_evaluate.library_errors import LostBackendError, raise_described_errors
from mixcpt_evaluate.unit_failures import read_failure
from mixcpt_store.errors import EXIT_RETRYABLE

SECONDS = 60


class EngineDeadError(Exception):
    """As vLLM's."""


class Llm:
    """As `vllm.LLM` 0.23: waits for answers of another process, and has EngineDeadError for any error there."""

    def __init__(self, process: BaseProcess) -> None:
        self._outputs: Queue[Any] = Queue()
        manager = SimpleNamespace(processes=[process])
        client = SimpleNamespace(resources=SimpleNamespace(engine_manager=manager), outputs_queue=self._outputs)
        self.llm_engine = SimpleNamespace(engine_core=client)

    def generate(self) -> None:
        output = self._outputs.get(timeout=SECONDS)
        assert isinstance(output, Exception)
        raise EngineDeadError("EngineCore encountered an issue. See stack trace (above) for the root cause.")


@pytest.fixture(autouse=True)
def _record(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VLLM_LOGGING_CONFIG_PATH", "MIXCPT_ENGINE_ERRORS"):
        monkeypatch.setenv(name, "")
    record_engine_errors(ModuleType("vllm"))


def wait_for_signal() -> None:
    faulthandler.disable()  # pytest's would print a traceback
    signal.pause()


@pytest.fixture
def engine() -> Iterator[BaseProcess]:
    process = multiprocessing.get_context("fork").Process(target=wait_for_signal, name="EngineCore")
    process.start()
    yield process
    process.kill()
    process.join()


@pytest.fixture
def kill(engine: BaseProcess) -> Callable[[signal.Signals], LostBackendError]:
    """Ends the engine by a signal while an evaluation waits for it, and returns what the evaluation raises."""

    def kill(number: signal.Signals) -> LostBackendError:
        llm = watch_engine(Llm(engine))
        os.kill(engine.pid or 0, number)
        with pytest.raises(LostBackendError) as raised, raise_described_errors():
            llm.generate()
        return raised.value

    return kill


def test_a_killed_engine_ends_the_wait_with_its_signal_and_what_helps(
    engine: BaseProcess, kill: Callable[[signal.Signals], LostBackendError]
) -> None:
    error = kill(signal.SIGKILL)
    assert error.problem == (
        f"vLLM's engine has ended: EngineEndedError: the process EngineCore (pid {engine.pid}) was killed by SIGKILL"
    )
    assert "raise evaluation.memoryGiB in the cluster's file" in error.advice
    assert "gpuMemoryUtilization of `serving`" in error.advice


def test_the_end_of_an_earlier_engine_is_no_cause_for_the_next_one(engine: BaseProcess) -> None:
    earlier = Llm(engine)
    watch_engine(earlier)
    record_engine_errors(ModuleType("vllm"))
    engine.kill()
    with pytest.raises(EngineDeadError):
        earlier.generate()
    assert read_engine_error(RuntimeError("Engine core initialization failed.")) is None


@pytest.mark.parametrize(
    ("number", "advice"),
    [(signal.SIGBUS, "the pod's /dev/shm"), (signal.SIGABRT, "a fault of the GPU"), (signal.SIGSEGV, "of a library")],
)
def test_other_signals_have_another_advice(
    kill: Callable[[signal.Signals], LostBackendError], number: signal.Signals, advice: str
) -> None:
    error = kill(number)
    assert f"was killed by {number.name}" in error.problem
    assert advice in error.advice


def test_says_that_the_kernel_lacked_memory(
    kill: Callable[[signal.Signals], LostBackendError], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = tmp_path / "memory.events"
    monkeypatch.setattr(engine_ends, "_OOM_FILES", (tmp_path / "missing", events))
    events.write_text("oom 4\noom_kill 3\noom_group_kill 0\n")
    original = os.kill

    def kill_for_memory(pid: int, number: int) -> None:
        events.write_text("oom 5\noom_kill 4\noom_group_kill 0\n")
        original(pid, number)

    monkeypatch.setattr(os, "kill", kill_for_memory)
    assert kill(signal.SIGKILL).problem.endswith("by SIGKILL, by the kernel's OOM killer for lack of memory")


def test_counts_no_oom_kill_where_the_kernel_does_not_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine_ends, "_OOM_FILES", (tmp_path / "missing",))
    assert count_oom_kills() == 0


def fail_to_start(proc_manager: Any) -> None:
    """As vLLM 0.23, which may not know the exit code yet."""
    assert proc_manager
    raise RuntimeError("Engine core initialization failed. See root cause above. Failed core proc(s): {}")


def test_an_engine_killed_at_its_start_is_named_with_its_signal(engine: BaseProcess) -> None:
    engine.kill()
    with pytest.raises(RuntimeError) as raised, raise_engine_errors():
        fail_to_start(SimpleNamespace(processes=[engine]))
    assert str(raised.value) == f"the process EngineCore (pid {engine.pid}) was killed by SIGKILL"


def test_another_error_of_the_start_stays() -> None:
    error = RuntimeError("Failed core proc(s): of a vLLM that keeps its processes elsewhere")
    with pytest.raises(RuntimeError) as raised, raise_engine_errors():
        raise error
    assert raised.value is error


def test_names_signals_that_python_has_no_name_for(engine: BaseProcess) -> None:
    os.kill(engine.pid or 0, signal.SIGRTMIN + 6)
    assert f"(pid {engine.pid}) was killed by " in str(describe_process_end(engine, 0))


def test_leaves_an_engine_alone_that_runs_in_this_process() -> None:
    llm = SimpleNamespace(llm_engine=SimpleNamespace(engine_core=SimpleNamespace()))
    assert watch_engine(llm) is llm


def test_the_pod_of_a_killed_engine_is_replaced_and_the_next_one_scores_all(
    kill: Callable[[signal.Signals], LostBackendError], tmp_path: Path
) -> None:
    task = build_units_task(tmp_path)
    assert Pods(task, {LANGUAGES[1]: kill(signal.SIGKILL)}).run() == EXIT_RETRYABLE
    failure = read_failure(task.output, UNITS[1])
    assert failure is not None
    assert "was killed by SIGKILL" in failure.error
    assert (failure.permanent, failure.tries) == (False, 0)
    next_pod = Pods(task, {})
    assert next_pod.run(failed_attempts=1) == 0
    assert next_pod.list_scored() == LANGUAGES
