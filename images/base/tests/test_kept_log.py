"""The end of a failed attempt's error output, beside the folder that the step makes, and nothing else of an attempt."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mixcpt_store.kept_log import _reserve_log

_PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from mixcpt_store.command import run_verb
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store import kept_log
from mixcpt_store.kept_log import run_with_kept_log
exec(os.environ.get("SETUP", ""))
def verb(spec):
    {code}
sys.argv = ["mixcpt-test", "verb"]
sys.exit(run_with_kept_log("mixcpt-test", lambda: run_verb("mixcpt-test", {{"verb": verb}})))
"""


def _start(code: str, output: Path | str, **variables: str) -> "subprocess.Popen[str]":
    spec = {"MIXCPT_SPEC": f"output: {output}" if output else "seed: 1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _PROGRAM.format(code=code)]
    return subprocess.Popen(
        command,
        env={**os.environ, **spec, **variables},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    )


def _run(code: str, output: Path | str, **variables: str) -> tuple[int, str, str]:
    process = _start(code, output, **variables)
    printed, errors = process.communicate(timeout=120)
    return process.returncode, printed, errors


def _list_logs(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((folder / "corpora" / "a.attempts").glob("*"))}


def test_each_failed_attempt_of_each_pod_is_kept_with_what_the_pod_printed(tmp_path: Path) -> None:
    output = tmp_path / "corpora" / "a"
    code = "print('progress'); os.write(2, b'a library warns\\n'); raise RetryableError('the hub is away')"
    for index, name in (("0", "1-pod-0.log"), ("3", "1-pod-3.log"), ("0", "2-pod-0.log")):
        result, printed, errors = _run(code, output, JOB_COMPLETION_INDEX=index)
        assert (result, printed) == (1, "progress\n")
        assert errors == "a library warns\nmixcpt-test verb: the hub is away\n"
        assert _list_logs(tmp_path)[name] == errors
    assert list(_list_logs(tmp_path)) == ["1-pod-0.log", "1-pod-3.log", "2-pod-0.log"]


def test_bad_input_and_broken_nodes_keep_their_codes_and_are_kept_too(tmp_path: Path) -> None:
    assert _run("raise InputError('no such language')", tmp_path / "corpora" / "a")[0] == 2
    assert _run("sys.exit(69)", tmp_path / "corpora" / "a")[0] == 69
    assert list(_list_logs(tmp_path)) == ["1-pod-0.log", "2-pod-0.log"]


def test_nothing_is_kept_of_an_attempt_that_succeeds(tmp_path: Path) -> None:
    assert _run("print('a warning', file=sys.stderr)", tmp_path / "corpora" / "a") == (0, "", "a warning\n")
    assert list(tmp_path.iterdir()) == []


_SLOW_START = """
output = kept_log.ErrorOutput
kept_log.ErrorOutput = lambda pipe: (time.sleep(1), output(pipe))[1]
"""


@pytest.mark.parametrize("setup", ["", _SLOW_START])
def test_nothing_is_kept_of_a_pod_that_was_told_to_stop_and_the_step_cleans_up(setup: str, tmp_path: Path) -> None:
    code = f"""
    try:
        print('started', flush=True); time.sleep(60)
    finally:
        Path({str(tmp_path / "clean")!r}).touch()
"""
    process = _start(code, tmp_path / "corpora" / "a", SETUP=setup)
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    process.terminate()
    assert process.wait(120) == 143
    process.communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["clean"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SIGKILL", ": the kernel does so once the pod's memory is used up"),
        ("SIGSEGV", ": a library crashed"),
        ("SIGUSR1", ""),
    ],
)
def test_a_step_that_a_signal_ends_has_a_last_line_too(tmp_path: Path, name: str, reason: str) -> None:
    code = f"os.write(2, b'working\\n'); os.kill(os.getpid(), signal.{name})"
    result, _, errors = _run(code, tmp_path / "corpora" / "a")
    assert result == 128 + signal.Signals[name]
    assert errors == f"working\nmixcpt-test verb: ended by {name}{reason}\n"
    assert _list_logs(tmp_path) == {"1-pod-0.log": errors}


def test_at_most_64_kib_are_kept(tmp_path: Path) -> None:
    code = "print('ä' * 100_000 + ' the cause', file=sys.stderr); sys.exit(1)"
    assert len(_run(code, tmp_path / "corpora" / "a", PYTHONUTF8="1")[2]) > 100_000
    [text] = _list_logs(tmp_path).values()
    assert 64 * 1024 - 3 < len(text.encode()) <= 64 * 1024
    assert text.endswith("ä the cause\n")


def test_no_secret_of_the_pod_is_kept(tmp_path: Path) -> None:
    token = "x7Qq-secret-of-the-hub"
    code = (
        "print('asked https://user:pw123456@hub/x?sig=abc with', os.environ['HF_TOKEN'], file=sys.stderr); sys.exit(1)"
    )
    assert token in _run(code, tmp_path / "corpora" / "a", HF_TOKEN=token)[2]
    assert list(_list_logs(tmp_path).values()) == ["asked https://***@hub/x?*** with ***\n"]


def test_a_store_that_takes_no_file_does_not_hide_the_failure(tmp_path: Path) -> None:
    (tmp_path / "corpora").write_text("in the way")
    code, _, errors = _run("raise RetryableError('the cause')", tmp_path / "corpora" / "a")
    assert (code, errors) == (1, "mixcpt-test verb: the cause\n")


def test_a_step_that_a_terminal_interrupts_has_not_crashed(tmp_path: Path) -> None:
    process = _start("print('started', flush=True); time.sleep(60)", tmp_path / "a")
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGINT
    assert errors.endswith("KeyboardInterrupt\n")
    assert list(tmp_path.iterdir()) == []


def test_pods_of_several_jobs_that_fail_at_once_each_keep_their_log(tmp_path: Path) -> None:
    started = "print('started', flush=True); sys.stdin.read(); raise RetryableError(os.environ['CAUSE'])"
    processes = [_start(started, tmp_path / "corpora" / "a", CAUSE=f"cause {number}") for number in range(4)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
    for process in processes:
        assert process.stdin
        process.stdin.close()
    for process in processes:
        assert process.wait(120) == 1
    assert set(_list_logs(tmp_path)) == {f"{number}-pod-0.log" for number in range(1, 5)}
    assert {text[-2] for text in _list_logs(tmp_path).values()} == {"0", "1", "2", "3"}


def test_two_pods_never_get_the_same_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        paths = list(threads.map(lambda _: _reserve_log(tmp_path, "0"), range(64)))
    assert len(set(paths)) == 64


def test_a_store_that_hangs_holds_the_pod_for_a_limited_time(tmp_path: Path) -> None:
    (tmp_path / "corpora" / "a.attempts").mkdir(parents=True)
    os.mkfifo(tmp_path / "fifo")
    hanging = f"kept_log._KEEP_SECONDS = 0.5; kept_log._reserve_log = lambda *_: Path({str(tmp_path / 'fifo')!r})"
    code = "raise RetryableError('the cause')"
    hang = "kept_log.write_attempt_log = lambda path, _text: path.open()"
    result, _, errors = _run(code, tmp_path / "corpora" / "a", SETUP=f"{hanging}; {hang}")
    assert (result, errors) == (1, "mixcpt-test verb: the cause\n")


def test_a_step_goes_on_when_nobody_reads_its_error_output(tmp_path: Path) -> None:
    code = "os.write(2, b'a' * 1_000_000); print('done', flush=True)"
    process = _start(code, tmp_path / "a")
    assert process.stderr
    process.stderr.close()
    assert process.wait(120) == 0
    assert process.stdout
    assert process.stdout.read() == "done\n"


@pytest.mark.parametrize("output", ["", "relative", "/", "/store/.."])
def test_a_step_without_a_valid_output_runs_without_a_log(output: str) -> None:
    code, _, errors = _run("raise InputError(str(os.getppid()))", output)
    assert (code, errors) == (2, f"mixcpt-test verb: {os.getpid()}\n")


def _has_ended(process: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return True


def test_the_step_ends_with_the_process_that_keeps_its_log(tmp_path: Path) -> None:
    process = _start("print(os.getpid(), flush=True); time.sleep(60)", tmp_path / "corpora" / "a")
    assert process.stdout
    step = int(process.stdout.readline())
    process.kill()
    process.communicate(timeout=120)
    end = time.monotonic() + 120
    while not _has_ended(step):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_no_command_starts_a_thread_before_it_forks() -> None:
    modules = "mixcpt_data.main, mixcpt_evaluate.main, mixcpt_export.main, mixcpt_train.main"
    code = f"import os, {modules}; print(os.listdir('/proc/self/task') == [str(os.getpid())])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
        == b"True\n"
    )
