"""The supervision of a training process, with small Python programs in place of mixcpt-trainer."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mixcpt_train import training_process
from mixcpt_train.trainer_log import TrainerLog
from mixcpt_train.training_process import start_process, watch_process

# Ignores SIGTERM, as a process does whose threads wait for each other.
HANGING_PROGRAM = "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + (
    "pathlib.Path('last-file').touch(); time.sleep(600)"
)


def _start_program(program: str, directory: Path) -> subprocess.Popen[bytes]:
    return start_process([sys.executable, "-c", program], {}, directory)


def test_ends_a_process_that_does_not_exit_after_its_last_file(tmp_path: Path) -> None:
    process = _start_program(HANGING_PROGRAM, tmp_path)
    polls: list[bool] = []
    code = watch_process(
        process, TrainerLog(tmp_path), polls.append, has_finished=(tmp_path / "last-file").exists, exit_seconds=2
    )
    assert code == 0
    assert process.poll() is not None
    assert polls[-1] is True


def test_a_process_may_end_by_itself_just_before_it_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _start_program(HANGING_PROGRAM, tmp_path)
    real = os.killpg

    def end_first(group: int, number: int) -> None:
        real(group, number)
        if number == signal.SIGKILL:
            process.wait()  # as `forward_signal` does, which may be called at any moment
            raise ProcessLookupError

    monkeypatch.setattr(os, "killpg", end_first)
    monkeypatch.setattr(training_process, "_TERMINATE_SECONDS", 0.1)
    code = watch_process(
        process, TrainerLog(tmp_path), lambda _: None, has_finished=(tmp_path / "last-file").exists, exit_seconds=0
    )
    assert code == 0


def test_waits_for_a_process_that_has_not_written_its_last_file(tmp_path: Path) -> None:
    process = _start_program("import sys, time; time.sleep(4); sys.exit(3)", tmp_path)
    code = watch_process(process, TrainerLog(tmp_path), lambda _: None, has_finished=lambda: False, exit_seconds=0)
    assert code == 3


def test_reports_the_exit_code_of_a_process_that_fails_after_its_last_file(tmp_path: Path) -> None:
    process = _start_program("import sys; open('last-file', 'w'); sys.exit(3)", tmp_path)
    code = watch_process(
        process, TrainerLog(tmp_path), lambda _: None, has_finished=(tmp_path / "last-file").exists, exit_seconds=60
    )
    assert code == 3
