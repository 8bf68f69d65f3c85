"""Two processes that are told to make the same folder."""

import errno
import fcntl
import multiprocessing
import time
from pathlib import Path

import pytest

from mixcpt_store.complete import is_complete, write_directory
from mixcpt_store.exclusive import with_exclusive_output
from mixcpt_store.spec import Spec


def _make(output: str, log: str) -> None:
    def verb(_spec: Spec) -> None:
        if is_complete(Path(output)):
            return
        with open(log, "a") as file:
            file.write("made\n")
        time.sleep(0.3)
        with write_directory(Path(output), {}):
            pass

    with_exclusive_output(verb)(Spec({"output": output}))


def test_the_second_waits_and_finds_it_complete(tmp_path: Path) -> None:
    output, log = str(tmp_path / "corpora" / "a"), str(tmp_path / "log")
    makers = [multiprocessing.Process(target=_make, args=(output, log)) for _ in range(2)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(30)
    assert [maker.exitcode for maker in makers] == [0, 0]
    assert (tmp_path / "log").read_text() == "made\n"


def _leftovers(folder: Path) -> None:
    for name in ("a.partial-dead-1", "a.work/shard.partial-dead-7", "a.work/shard", "ab.partial-other-1"):
        (folder / name).mkdir(parents=True)
        (folder / name / "half").write_text("x")


def _left(folder: Path) -> list[str]:
    return sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob("half"))


def test_what_dead_attempts_left_is_gone_and_nothing_else(tmp_path: Path) -> None:
    _leftovers(tmp_path)
    with_exclusive_output(lambda _spec: None)(Spec({"output": str(tmp_path / "a")}))
    assert _left(tmp_path) == ["a.work/shard", "ab.partial-other-1"]


def test_nothing_is_cleared_away_where_the_file_system_cannot_tell_who_is_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    _leftovers(tmp_path)
    with_exclusive_output(lambda _spec: None)(Spec({"output": str(tmp_path / "a")}))
    assert len(_left(tmp_path)) == 4


def test_a_spec_without_output_is_left_to_the_verb() -> None:
    assert with_exclusive_output(lambda _spec: 2)(Spec({})) == 2
