"""A program that does not end in time, also where the kernel does not end it."""

import subprocess
import sys

import pytest

from mixcpt_store.limited_program import run_limited


def test_returns_the_exit_code_and_both_outputs() -> None:
    program = "import sys; print('out'); print('log', file=sys.stderr); sys.exit(3)"
    done = run_limited([sys.executable, "-c", program], 60)
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "log\n")


def test_kills_a_program_that_takes_longer_and_does_not_wait_for_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[subprocess.Popen[str]] = []
    kill = subprocess.Popen.kill
    # As the kernel, which ends no process that waits for a broken driver.
    monkeypatch.setattr(subprocess.Popen, "kill", lambda program: killed.append(program))
    with pytest.raises(subprocess.TimeoutExpired):
        run_limited([sys.executable, "-c", "import time; time.sleep(30)"], 0.5)
    (program,) = killed
    assert program.poll() is None
    kill(program)
    program.communicate()
