"""mixcpt-await: ends when every path is complete, and at once on SIGTERM."""

import signal
import subprocess
import time
from pathlib import Path

AWAIT = Path(__file__).parents[1] / "mixcpt-await"


def test_returns_at_once_when_everything_is_there(tmp_path: Path) -> None:
    (tmp_path / "COMPLETE").touch()
    done = subprocess.run([AWAIT, tmp_path], capture_output=True, text=True, timeout=5, check=True)
    assert done.stdout == f"complete: {tmp_path} (waited 0 s)\n"


def test_waits_for_the_last_path_and_says_for_what(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for directory in (first, second):
        directory.mkdir()
    (first / "COMPLETE").touch()
    process = subprocess.Popen([AWAIT, first, second], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == f"waiting for {second} (0 s so far)\n"
    (second / "COMPLETE").touch()
    assert process.wait(timeout=6) == 0


def test_ends_at_once_on_sigterm(tmp_path: Path) -> None:
    process = subprocess.Popen([AWAIT, tmp_path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=2) == 143
    assert time.monotonic() - started < 1
