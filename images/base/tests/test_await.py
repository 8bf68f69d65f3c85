"""The script mixcpt-await: waits until every path is complete, and exits at once on SIGTERM."""

import os
import signal
import subprocess
from pathlib import Path

AWAIT = Path(__file__).parents[1] / "mixcpt-await"


def test_exits_at_once_if_every_path_is_complete(tmp_path: Path) -> None:
    (tmp_path / "COMPLETE").touch()
    finished = subprocess.run([AWAIT, tmp_path], capture_output=True, text=True, timeout=120, check=True)
    assert finished.stdout == f"complete: {tmp_path} (waited 0 s)\n"


def test_waits_for_the_last_path_and_names_it(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for directory in (first, second):
        directory.mkdir()
    (first / "COMPLETE").touch()
    process = subprocess.Popen([AWAIT, first, second], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == f"waiting for {second} (0 s so far)\n"
    (second / "COMPLETE").touch()
    assert process.wait(timeout=120) == 0


def test_exits_at_once_on_sigterm(tmp_path: Path) -> None:
    sleep = tmp_path / "sleep"
    sleep.write_text("#!/bin/sh\necho asleep\nexec /bin/sleep 600\n")
    sleep.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    process = subprocess.Popen([AWAIT, tmp_path], stdout=subprocess.PIPE, text=True, env=environment, process_group=0)
    assert process.stdout is not None
    process.stdout.readline()
    assert process.stdout.readline() == "asleep\n"  # from here on there is a sleep to end below
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=120) == 143
    os.killpg(process.pid, signal.SIGKILL)  # the sleep
