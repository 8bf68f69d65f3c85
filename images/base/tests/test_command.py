"""Exit codes and messages of commands: 2 for bad input, 1 for other failures, and never a traceback."""

import errno
import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from mixcpt_store.command import run_step, run_verb
from mixcpt_store.errors import InputError, RetryableError, is_os_error
from mixcpt_store.spec import Spec


class _LibraryError(Exception):
    """Stands for SafetensorError and for what tokenizers raises: the number of the error is in the text only."""


def _reject_spec(spec: Spec) -> None:
    raise InputError("spec.seed is missing")


def _raise(error: Exception) -> Callable[[Spec], None]:
    """Returns a step that ends with an error."""

    def fail(_spec: Spec) -> None:
        raise error

    return fail


def test_bad_input_prints_one_line_and_exits_with_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", _reject_spec) == 2
    assert capsys.readouterr().err == "mixcpt-data mixture: spec.seed is missing\n"


def test_a_retryable_failure_prints_one_line_and_exits_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", _raise(RetryableError("the hub did not answer"))) == 1
    assert capsys.readouterr().err == "mixcpt-data mixture: the hub did not answer\n"


def test_an_unknown_verb_prints_the_known_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb("mixcpt-data", {"mixture": _reject_spec, "model": _reject_spec}, ["mix"]) == 2
    assert "usage: mixcpt-data mixture|model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "no space", "/store/x"), "the disk is full while writing /store/x"),
        (OSError(errno.EDQUOT, "quota"), "the quota is used up while writing /store/out"),
        (_LibraryError("IoError(Os { code: 28, kind: StorageFull })"), "the disk is full while writing /store/out"),
    ],
)
def test_a_full_disk_prints_one_line_that_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "output: /store/out")
    assert run_step("mixcpt-data mixture", _raise(error)) == 2
    assert capsys.readouterr().err.startswith(f"mixcpt-data mixture: {message}: make room, then run it again")


@pytest.mark.parametrize(
    ("error", "place"),
    [
        (OSError(errno.EIO, "I/O", "/store/x"), "/store/x (Input/output error)"),
        (OSError(errno.ESTALE, "stale"), "/store/out (Stale file handle)"),
        (OSError(errno.ENOTCONN, "lost", "/store/x"), "/store/x (Transport endpoint is not connected)"),
        (_LibraryError("cannot save: Input/output error (os error 5)"), "/store/out (Input/output error)"),
    ],
)
def test_a_store_that_fails_is_named_and_no_lack_of_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, place: str
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "output: /store/out")
    assert run_step("mixcpt-data mixture", _raise(error)) == 1
    assert capsys.readouterr().err.startswith(
        f"mixcpt-data mixture: the store failed at {place}: this is no lack of room"
    )


def test_a_library_that_wraps_the_error_of_a_file_still_says_that_the_system_failed() -> None:
    wrapped = ValueError("cannot load the weights")
    wrapped.__cause__ = OSError(errno.ESTALE, "Stale file handle")
    assert is_os_error(wrapped)
    assert not is_os_error(OSError("not a tokenizer"))
    assert not is_os_error(_LibraryError("No such file or directory (os error 2)"))


def test_an_error_that_is_its_own_cause_ends_the_step_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_spec: Spec) -> None:
        error = ValueError("round and round")
        raise error from error

    monkeypatch.setenv("MIXCPT_SPEC", "output: /store/out")
    assert run_step("mixcpt-data mixture", fail) == 1
    assert "unexpected ValueError" in capsys.readouterr().err


def test_sigterm_makes_a_step_remove_its_partial_output(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from mixcpt_store.command import run_step; from mixcpt_store.complete import write_directory\n"
        "def step(spec):\n"
        "    with write_directory(Path(spec.format_value('output')), {}):\n"
        "        print('started', flush=True); time.sleep(60)\n"
        "sys.exit(run_step('step', step))\n"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "MIXCPT_SPEC": f"output: {tmp_path}/out"}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"started\n"
        process.terminate()
        assert process.wait(120) == 143
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENXIO, "no device"), "unexpected OSError: [Errno 6] no device; the operating system failed"),
        (KeyError("text"), "unexpected KeyError: 'text'; a bug, or an input that is damaged"),
        (RuntimeError("one\n\ttwo"), "unexpected RuntimeError: one two; a bug"),
        (MemoryError(), "unexpected MemoryError: no message; a bug"),
    ],
)
def test_an_unexpected_error_prints_one_line_with_its_type_and_exits_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", _raise(error)) == 1
    printed = capsys.readouterr().err
    assert re.sub(r" in mixcpt_store/command\.py, line \d+ \(run_step\)", "", printed).startswith(
        f"mixcpt-data mixture: {message}"
    )
    assert printed.endswith("; set MIXCPT_DEBUG=1 for the traceback\n")
    assert len(printed.splitlines()) == 1


def test_an_unexpected_error_names_its_place_in_this_project(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    monkeypatch.setattr(Spec, "get_integer", lambda spec, _key: spec._get_value("seed", "no type", 0, placeholder=0))
    assert run_step("mixcpt-data mixture", lambda spec: spec.get_integer("seed")) == 1
    assert re.search(r"unexpected TypeError in mixcpt_store/spec\.py, line \d+ \(_has_type\)", capsys.readouterr().err)


def _fail_in_worker() -> None:
    Spec({})._check_absolute("path", None)  # type: ignore[arg-type]


def test_an_unexpected_error_of_a_worker_process_names_the_place_in_the_worker(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_spec: Spec) -> None:
        with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
            pool.submit(_fail_in_worker).result()

    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", fail) == 1
    assert "unexpected AttributeError in mixcpt_store/spec.py, line " in capsys.readouterr().err


def test_the_traceback_is_printed_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    monkeypatch.setenv("MIXCPT_DEBUG", "1")
    assert run_step("mixcpt-data mixture", lambda _spec: [][0]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_the_traceback_of_a_retryable_failure_is_printed_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_spec: Spec) -> None:
        raise RetryableError("the device has no memory") from MemoryError("4 GiB")

    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-evaluate sib200", fail) == 1
    assert capsys.readouterr().err == "mixcpt-evaluate sib200: the device has no memory\n"
    monkeypatch.setenv("MIXCPT_DEBUG", "1")
    assert run_step("mixcpt-evaluate sib200", fail) == 1
    assert "MemoryError: 4 GiB" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EROFS])
def test_a_path_that_cannot_be_used_is_bad_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(_spec: Spec) -> None:
        raise OSError(number, os.strerror(number), "/store/x")

    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", fail) == 2
    assert capsys.readouterr().err == (
        f"mixcpt-data mixture: /store/x: {os.strerror(number)}; name another path in the spec, "
        "or change the path or its permissions\n"
    )
