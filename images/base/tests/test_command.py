"""Exit codes and messages of commands: 2 for bad input, 1 for a retryable failure, and never a traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mixcpt_store.command import run_step, run_verb
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec


def _reject_spec(spec: Spec) -> None:
    raise InputError("spec.seed is missing")


def test_bad_input_prints_one_line_and_exits_with_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", _reject_spec) == 2
    assert capsys.readouterr().err == "mixcpt-data mixture: spec.seed is missing\n"


def test_a_retryable_failure_prints_one_line_and_exits_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_spec: Spec) -> None:
        raise RetryableError("the hub did not answer")

    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", fail) == 1
    assert capsys.readouterr().err == "mixcpt-data mixture: the hub did not answer\n"


def test_an_unknown_verb_prints_the_known_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb("mixcpt-data", {"mixture": _reject_spec, "model": _reject_spec}, ["mix"]) == 2
    assert "usage: mixcpt-data mixture|model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "no space", "/store/x"), "the disk is full while writing /store/x"),
        (OSError(errno.EDQUOT, "quota"), "the quota is used up while writing /store/out"),
    ],
)
def test_a_full_disk_prints_one_line_that_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    def fail(_spec: Spec) -> None:
        raise error

    monkeypatch.setenv("MIXCPT_SPEC", "output: /store/out")
    assert run_step("mixcpt-data mixture", fail) == 2
    printed = capsys.readouterr().err
    assert printed.startswith(f"mixcpt-data mixture: {message}: make room, then run it again")


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
        assert process.wait(20) == 143
    assert list(tmp_path.iterdir()) == []


def test_other_os_errors_are_not_reported_as_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_spec: Spec) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    with pytest.raises(OSError, match="broken disk"):
        run_step("mixcpt-data mixture", fail)
