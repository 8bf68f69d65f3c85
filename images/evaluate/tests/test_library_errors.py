"""Exceptions of libraries: each ends its unit with one line, the other units are scored, and no traceback appears."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmark_fixture import FixedBackend, build_task, write_benchmarks

from mixcpt_evaluate import main
from mixcpt_evaluate.library_errors import describe_library_error
from mixcpt_evaluate.memory_errors import is_out_of_memory
from mixcpt_evaluate.run_units import UnitEvaluator, run_units
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_evaluate.tasks.benchmark_definitions import SIB200
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec

UNITS = [EvaluationUnit("sib200", "eng_Latn"), EvaluationUnit("sib200", "zul_Latn")]


class EngineDeadError(Exception):
    """As vLLM's: neither a ValueError nor a RuntimeError."""


class OutOfMemoryError(RuntimeError):
    """As torch's."""


@pytest.fixture
def task(tmp_path: Path) -> TaskSpec:
    task = build_task(write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"]), ["eng_Latn", "zul_Latn"])
    task.checkpoint.mkdir()
    mark_complete(task.checkpoint)
    return task


def _fail_first(task: TaskSpec, error: BaseException) -> Callable[[], UnitEvaluator]:
    good = build_classification_evaluator(SIB200, task, FixedBackend())

    def evaluate_unit(unit: EvaluationUnit) -> None:
        if unit == UNITS[0]:
            raise error
        good(unit)

    return lambda: evaluate_unit


_PERMANENT_END = (
    "another attempt would fail in the same way: the checkpoint or a file of the benchmark does not suit this image"
)
_PASSING_END = "the checkpoint does not suit this image's libraries"


class PanicException(BaseException):
    """As that of a library in Rust: not an Exception."""


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (RuntimeError("miopenStatusUnknownError"), "RuntimeError: miopenStatusUnknownError", 1),
        (PanicException("index out of range"), "PanicException: index out of range", 1),
        (OSError("Unable to load weights"), "OSError: Unable to load weights", 1),
        (KeyError("bos"), "KeyError: 'bos'", 2),
        (AssertionError(), "AssertionError: no message", 2),
        (RecursionError("maximum recursion depth exceeded"), "RecursionError: maximum recursion depth", 2),
        (NotImplementedError("sliding window"), "NotImplementedError: sliding window", 2),
    ],
)
def test_reports_an_exception_of_a_library_in_one_line_and_scores_the_other_units(
    task: TaskSpec, capsys: pytest.CaptureFixture[str], error: BaseException, message: str, code: int
) -> None:
    assert run_units(task, UNITS, _fail_first(task, error)) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"mixcpt-evaluate sib200 eng_Latn: {message}")
    assert "(test_library_errors.py, line" in line
    assert line.endswith(_PERMANENT_END if code == 2 else _PASSING_END)
    assert [is_unit_finished(task.output, unit) for unit in UNITS] == [False, True]


@pytest.mark.parametrize(
    "error",
    [
        OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("HIP out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
        MemoryError(),
        OSError(12, "Cannot allocate memory"),
    ],
)
def test_names_a_lack_of_memory_with_what_lowers_the_need(
    task: TaskSpec, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    assert is_out_of_memory(error)
    assert run_units(task, UNITS, _fail_first(task, error)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"mixcpt-evaluate sib200 eng_Latn: out of memory ({type(error).__name__}")
    assert "use a smaller batch (spec.batchTokens; with vLLM, maxNumSeqs or gpuMemoryUtilization" in line
    assert "smaller max_model_len" in line


def test_a_setting_about_the_cache_that_vllm_rejects_is_no_lack_of_memory() -> None:
    assert not is_out_of_memory(ValueError("Unsupported KV cache dtype: fp8_e5m2"))


@pytest.mark.parametrize(
    "error", [OSError(errno.EIO, "Input/output error"), PanicException("safetensors: Input/output error (os error 5)")]
)
def test_names_the_store_for_an_error_of_reading_or_writing_and_blames_no_checkpoint(
    task: TaskSpec, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    assert run_units(task, UNITS, _fail_first(task, error)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "the store failed at a file of this evaluation (Input/output error): this is no lack of room" in line
    assert "checkpoint" not in line


def test_returns_the_code_of_bad_input_only_when_all_failures_are_bad_input(task: TaskSpec) -> None:
    assert run_units(task, UNITS, _fail_first(task, InputError("bad"))) == 2
    (task.benchmarks / "sib200" / "zul_Latn" / "test.tsv").write_text("broken")
    for unit in UNITS:
        unit.get_score_path(task.output).unlink(missing_ok=True)
    assert run_units(task, UNITS, _fail_first(task, InputError("bad"))) == 2
    assert run_units(task, UNITS, _fail_first(task, RuntimeError("x"))) == 1


def test_raises_a_retryable_error_when_the_model_cannot_be_loaded(task: TaskSpec) -> None:
    def fail_to_load() -> UnitEvaluator:
        raise EngineDeadError("Engine core initialization failed")

    with pytest.raises(RetryableError, match="EngineDeadError: Engine core initialization failed"):
        run_units(task, UNITS, fail_to_load)


def test_stops_on_a_signal_without_a_message(task: TaskSpec, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_units(task, UNITS, _fail_first(task, SystemExit(143)))
    assert capsys.readouterr().err == ""


def test_publishes_again_after_an_exception_and_gives_no_advice_about_checkpoints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Spec) -> None:
        raise AttributeError("'NoneType' object has no attribute 'get'")

    monkeypatch.setitem(os.environ, "MIXCPT_SPEC", "a: 1")
    monkeypatch.setitem(main.VERBS, "publish", fail)
    monkeypatch.setattr("sys.argv", ["mixcpt-evaluate", "publish"])
    with pytest.raises(SystemExit, match="1"):
        main.main()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mixcpt-evaluate publish: unexpected AttributeError")
    assert "checkpoint" not in line


def test_shortens_a_long_message_in_the_middle() -> None:
    text = describe_library_error(ValueError("start " + "x" * 5000 + " end"))
    assert len(text) < 700
    assert text.startswith("ValueError: start")
    assert text.endswith("end")
