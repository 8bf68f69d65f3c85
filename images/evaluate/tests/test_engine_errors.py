"""The errors of vLLM's engine, with texts of vLLM 0.23.0; with_vllm/ tests the same on vLLM itself."""

import json
import logging
import logging.config
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from mixcpt_evaluate.backends.vllm_backend import start_vllm
from mixcpt_evaluate.engine_errors import raise_engine_errors, read_engine_error, record_engine_errors
from mixcpt_evaluate.library_errors import LostBackendError, PermanentLibraryError, raise_described_errors
from mixcpt_store.errors import InputError, RetryableError

START_FAILED = "Engine core initialization failed. See root cause above. Failed core proc(s): {}"
ENGINE_DEAD = "EngineCore encountered an issue. See stack trace (above) for the root cause."
DEFAULT_LOGGING_CONFIG = {
    "handlers": {"vllm": {"class": "logging.StreamHandler", "level": "INFO", "stream": "ext://sys.stdout"}},
    "loggers": {"vllm": {"handlers": ["vllm"], "level": "INFO", "propagate": False}},
    "version": 1,
    "disable_existing_loggers": False,
}
LOGS_AN_ERROR = """
import json, logging, logging.config, os
logging.config.dictConfig(json.load(open(os.environ["VLLM_LOGGING_CONFIG_PATH"])))
try:
    raise KeyError("layers.2.weight")
except KeyError:
    logging.getLogger("vllm.v1.engine.core").exception("EngineCore failed to start.")
"""


class SafetensorError(Exception):
    """As that of safetensors."""


class EngineDeadError(Exception):
    """As vLLM's."""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Removes what a test adds to the environment and to the loggers."""
    for name in ("VLLM_LOGGING_CONFIG_PATH", "VLLM_CONFIGURE_LOGGING", "MIXCPT_ENGINE_ERRORS"):
        monkeypatch.setenv(name, "")
    yield monkeypatch
    for name in ("vllm", "vllm.v1.engine", "vllm.v1.executor"):
        logging.getLogger(name).handlers.clear()


@pytest.fixture
def vllm(environment: pytest.MonkeyPatch) -> ModuleType:
    module, transformers = ModuleType("vllm"), ModuleType("transformers")
    module.logger = SimpleNamespace(DEFAULT_LOGGING_CONFIG=DEFAULT_LOGGING_CONFIG)  # type: ignore[attr-defined]
    transformers.__version__ = "5.5.4"  # type: ignore[attr-defined]
    environment.setitem(sys.modules, "vllm", module)
    environment.setitem(sys.modules, "transformers", transformers)
    return module


def log_error(error: Exception, logger: str = "vllm.v1.executor.multiproc_executor") -> None:
    try:
        raise error
    except Exception:
        logging.getLogger(logger).exception("WorkerProc failed to start.")


def fail_to_start(*errors: Exception) -> Callable[[ModuleType], None]:
    def start(_: ModuleType) -> None:
        for error in errors:
            log_error(error)
        raise RuntimeError(START_FAILED)

    return start


def describe_start(*errors: Exception) -> InputError | RetryableError:
    with pytest.raises((InputError, RetryableError)) as raised, raise_described_errors():
        start_vllm(Path("/store/checkpoint-4"), fail_to_start(*errors))
    return raised.value


@pytest.mark.usefixtures("vllm")
def test_damaged_weights_are_permanent_and_keep_the_engines_place() -> None:
    error = describe_start(
        SafetensorError("Error while deserializing header: incomplete metadata, file not fully covered"),
        Exception("WorkerProc initialization failed due to an exception in a background process."),
    )
    assert isinstance(error, PermanentLibraryError)
    assert error.problem.startswith("SafetensorError: Error while deserializing header: incomplete metadata")
    assert "(test_engine_errors.py, line" in error.problem


@pytest.mark.usefixtures("vllm")
@pytest.mark.parametrize(
    ("text", "permanent", "advice"),
    [
        (
            "Available memory on node 0 (14.17/23.43 GiB) on startup is less than desired CPU memory utilization "
            "(0.92, 21.56 GiB).",
            False,
            "give vLLM less of the device",
        ),
        (
            "Free memory on device cuda:0 (20.1/63.98 GiB) on startup is less than desired GPU memory utilization "
            "(0.92, 58.86 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
            False,
            "give vLLM less of the device",
        ),
        (
            "To serve at least one request with the model's max seq len (131072), (64.0 GiB KV cache is needed, which "
            "is larger than the available KV cache memory (9.1 GiB).",
            True,
            "give vLLM more of the device",
        ),
        (
            "No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the "
            "engine",
            True,
            "give vLLM more of the device",
        ),
    ],
)
def test_a_lack_of_memory_names_the_cause_and_what_helps(text: str, permanent: bool, advice: str) -> None:
    error = describe_start(ValueError(text))
    assert f"out of memory (ValueError: {text[:40]}" in str(error)
    assert f"{advice} (gpuMemoryUtilization of `serving` in the cluster's file)" in str(error)
    assert isinstance(error, InputError) is permanent


@pytest.mark.usefixtures("vllm")
def test_what_vllm_does_not_support_is_bad_input_with_the_checkpoint() -> None:
    error = describe_start(ValueError("Following weights were not initialized from checkpoint: {'model.norm.weight'}"))
    assert isinstance(error, InputError)
    assert str(error).startswith("/store/checkpoint-4: vLLM cannot load this checkpoint: ValueError: Following weights")


@pytest.mark.usefixtures("vllm")
def test_a_failed_store_in_the_engine_may_pass() -> None:
    error = describe_start(OSError(5, "Input/output error"))
    assert isinstance(error, RetryableError)
    assert "the store failed" in str(error)


@pytest.mark.usefixtures("vllm")
def test_an_engine_that_was_killed_without_a_word_may_start_the_next_time() -> None:
    error = describe_start()
    assert isinstance(error, RetryableError)
    assert START_FAILED in str(error)


def test_forgets_the_errors_of_an_earlier_start(vllm: ModuleType) -> None:
    record_engine_errors(vllm)
    log_error(KeyError("old"))
    assert "'old'" in str(read_engine_error(RuntimeError(START_FAILED)))
    record_engine_errors(vllm)
    assert read_engine_error(RuntimeError(START_FAILED)) is None


def test_leaves_errors_alone_that_do_not_end_the_engine(vllm: ModuleType) -> None:
    record_engine_errors(vllm)
    log_error(KeyError("recovered"), logger="vllm.model_executor.models.registry")
    assert read_engine_error(RuntimeError(START_FAILED)) is None
    log_error(KeyError("engine"))
    with pytest.raises(ValueError, match="own"), raise_engine_errors():
        raise ValueError("own")


def test_an_engine_that_ends_later_is_lost_with_its_cause_and_what_helps(vllm: ModuleType) -> None:
    record_engine_errors(vllm)
    log_error(type("OutOfMemoryError", (RuntimeError,), {})("HIP out of memory. Tried to allocate 2.00 GiB."))
    with pytest.raises(LostBackendError) as raised, raise_described_errors():
        raise EngineDeadError(ENGINE_DEAD)
    assert raised.value.problem.startswith("vLLM's engine has ended: OutOfMemoryError: HIP out of memory.")
    assert "maxNumSeqs" in raised.value.advice


def test_records_the_errors_of_processes_that_read_vllms_variable(vllm: ModuleType) -> None:
    record_engine_errors(vllm)
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", LOGS_AN_ERROR], check=True, capture_output=True, env=paths)
    error = read_engine_error(RuntimeError(START_FAILED))
    assert isinstance(error, KeyError)
    assert str(error) == "'layers.2.weight'"


def test_leaves_a_logging_configuration_from_outside(
    vllm: ModuleType, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "logging.json"
    config.write_text(json.dumps(DEFAULT_LOGGING_CONFIG))
    environment.setenv("VLLM_LOGGING_CONFIG_PATH", str(config))
    record_engine_errors(vllm)
    assert not logging.getLogger("vllm.v1.engine").handlers
    log_error(KeyError("engine"))
    assert read_engine_error(RuntimeError(START_FAILED)) is None
