"""Locks on outputs: two processes that write the same folder, and the leftovers of killed attempts."""

import errno
import fcntl
import multiprocessing
import os
import re
import socket
import time
from contextlib import redirect_stdout
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from wait_fixture import wait_until

from mixcpt_store.complete import is_complete, mark_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.exclusive import lock_output, with_exclusive_output
from mixcpt_store.spec import Spec


def _make_output(output: str, log: str) -> None:
    def verb(_spec: Spec) -> None:
        if is_complete(Path(output)):
            return
        with Path(log).open("a") as file:
            file.write("made\n")
        time.sleep(0.3)
        with write_directory(Path(output), {}):
            pass

    with_exclusive_output(verb)(Spec({"output": output}))


def _hold_output(output: str, held: Event, released: Event) -> None:
    def verb(_spec: Spec) -> None:
        held.set()
        released.wait()

    with_exclusive_output(verb)(Spec({"output": output}))


def _need_output(output: str, printed: Path) -> None:
    with printed.open("w") as file, redirect_stdout(file):
        with_exclusive_output(lambda _spec: None)(Spec({"output": output}))


def _start_waiting(output: Path) -> tuple[multiprocessing.Process, Path]:
    """Returns a process that needs a locked output, and the file of what it prints, which has one line so far."""
    printed = output.with_name("printed")
    process = multiprocessing.Process(target=_need_output, args=(str(output), printed), daemon=True)
    process.start()
    wait_until(lambda: printed.exists() and printed.read_text().endswith("\n"), process)
    return process, printed


def test_the_second_process_waits_and_finds_the_output_complete(tmp_path: Path) -> None:
    output, log = str(tmp_path / "corpora" / "a"), str(tmp_path / "log")
    makers = [multiprocessing.Process(target=_make_output, args=(output, log)) for _ in range(2)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(120)
    assert [maker.exitcode for maker in makers] == [0, 0]
    assert (tmp_path / "log").read_text() == "made\n"


@pytest.mark.parametrize("content", ["", "not a holder"])
def test_waiting_names_the_lock_its_holder_and_the_command_that_ends_it(tmp_path: Path, content: str) -> None:
    lock, output = tmp_path / ".a.lock", tmp_path / "a"
    lock.write_text(content)
    held, released = multiprocessing.Event(), multiprocessing.Event()
    first = multiprocessing.Process(target=_hold_output, args=(str(output), held, released), daemon=True)
    first.start()
    wait_until(held.is_set, first)
    second, printed = _start_waiting(output)
    released.set()
    for process in (first, second):
        process.join(120)
    pod = re.escape(socket.gethostname())
    assert re.fullmatch(
        rf"{re.escape(str(lock))} is locked by pod {pod} \(process {first.pid}\) since \S+Z "
        rf"\(to end it: kubectl delete pod {pod}\), which works on {re.escape(str(output))}; waiting\n",
        printed.read_text(),
    )


def test_waiting_for_a_holder_that_does_not_describe_itself_names_the_lock(tmp_path: Path) -> None:
    lock, output = tmp_path / ".a.lock", tmp_path / "a"
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        waiting, printed = _start_waiting(output)
        fcntl.flock(file, fcntl.LOCK_UN)  # closing is not enough: the other process has inherited the file
    waiting.join(120)
    assert printed.read_text() == f"{lock} is locked by another pod, which works on {output}; waiting\n"


def _write_leftovers(folder: Path) -> None:
    for name in ("a.partial-dead-1", "a.work/shard.partial-dead-7", "a.work/shard", "ab.partial-other-1"):
        (folder / name).mkdir(parents=True)
        (folder / name / "half").write_text("x")


def _list_leftovers(folder: Path) -> list[str]:
    return sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob("half"))


def test_removes_only_the_leftovers_of_killed_attempts(tmp_path: Path) -> None:
    _write_leftovers(tmp_path)
    with_exclusive_output(lambda _spec: None)(Spec({"output": str(tmp_path / "a")}))
    assert _list_leftovers(tmp_path) == ["a.work/shard", "ab.partial-other-1"]


@pytest.mark.parametrize("has_output", [False, True])
@pytest.mark.parametrize("output", ["a", "a.work/shard"])
def test_a_finished_leftover_becomes_the_output_unless_that_is_complete(
    tmp_path: Path, output: str, has_output: bool
) -> None:
    for name in (f"{output}.partial-dead-1", *([output] if has_output else [])):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "made by").write_text(name)
        mark_complete(tmp_path / name)
    with_exclusive_output(lambda _spec: None)(Spec({"output": str(tmp_path / "a")}))
    assert (tmp_path / output / "made by").read_text() == (output if has_output else f"{output}.partial-dead-1")
    assert list(tmp_path.rglob("*.partial-*")) == []


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: object, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)


def _write_own_leftover(folder: Path) -> Path:
    with write_directory(folder / "b", {}) as partial:
        own = folder / f"a{partial.name[1:]}"
    (own / "runs").mkdir(parents=True)
    (own / "runs" / "0").write_text("x")
    (own / "half").write_text("x")
    return own


def _set_age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


@pytest.mark.usefixtures("without_locks")
def test_removes_only_what_its_predecessor_left_on_a_file_system_without_locks(tmp_path: Path) -> None:
    _write_leftovers(tmp_path)
    others = _list_leftovers(tmp_path)
    own = _write_own_leftover(tmp_path)
    for path in tmp_path.rglob("*"):
        _set_age(path, 7200)
    with lock_output(tmp_path / "a"):
        assert not own.exists()
        assert _list_leftovers(tmp_path) == others
        assert len(list(tmp_path.glob("*.partial-*"))) == 2


@pytest.mark.usefixtures("without_locks")
@pytest.mark.parametrize("changed", [".", "half", "runs", "runs/0"])
def test_the_folder_of_a_live_pod_of_the_same_name_stays_on_a_file_system_without_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    own = _write_own_leftover(tmp_path)
    for path in (own, *own.rglob("*")):
        _set_age(path, 7200)
    _set_age(own / changed, 60)
    monkeypatch.setattr(time, "time", lambda: 2.0**32)  # of a node whose clock is fast
    with lock_output(tmp_path / "a"):
        assert (own / "runs" / "0").exists()


def test_a_spec_without_output_is_passed_to_the_verb() -> None:
    assert with_exclusive_output(lambda _spec: 2)(Spec({})) == 2


@pytest.mark.parametrize("output", ["/", "/..", "/store/.."])
def test_an_output_without_a_name_is_a_problem_of_the_spec(output: str) -> None:
    with pytest.raises(InputError, match=r"spec\.output is '.*'; it must name a folder of the store"):
        with_exclusive_output(lambda spec: spec.finish())(Spec({"output": output}))
