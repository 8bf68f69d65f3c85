"""Calls that a store may never answer: whoever makes them goes on after a while, and no second one starts meanwhile."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from store_fixture import hang

from mixcpt_store.errors import RetryableError
from mixcpt_store.store_calls import NoAnswerError, RepeatedCall, call_store


def test_a_call_that_is_answered_is_like_any_other(tmp_path: Path) -> None:
    assert call_store(tmp_path, lambda: 1) == 1
    with pytest.raises(FileNotFoundError):
        call_store(tmp_path, (tmp_path / "missing").read_text)


def test_a_store_that_hangs_is_named_and_another_attempt_may_succeed(tmp_path: Path) -> None:
    hang(tmp_path / "file")
    with pytest.raises(NoAnswerError, match=f"the store failed at {tmp_path} \\(no answer for 0.1 s\\)") as raised:
        call_store(tmp_path, (tmp_path / "file").read_text, 0.1)
    assert isinstance(raised.value, RetryableError)


def test_a_repeated_call_is_not_made_twice_at_once_and_its_late_result_is_not_lost() -> None:
    answer, calls = Event(), []

    def wait_for_answer() -> int:
        calls.append(len(calls))
        answer.wait()
        return calls[-1]

    repeated = RepeatedCall(wait_for_answer)
    assert repeated.finish() is None
    assert [repeated.poll(0.05) for _ in range(3)] == [None, None, None]
    answer.set()
    assert repeated.poll(60) == 0
    assert calls == [0]
    assert repeated.poll(60) == 1


def test_the_error_of_a_repeated_call_is_raised_and_the_next_poll_calls_again() -> None:
    outcomes = iter([OSError("for a moment"), 1])

    def fail_once() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    repeated = RepeatedCall(fail_once)
    with pytest.raises(OSError, match="for a moment"):
        repeated.poll(60)
    assert repeated.poll(60) == 1


def test_a_process_ends_although_a_call_has_no_answer(tmp_path: Path) -> None:
    hang(tmp_path / "file")
    program = f"""
from pathlib import Path
from mixcpt_store.store_calls import call_store
call_store("/store", Path({str(tmp_path / "file")!r}).read_text, 0.1)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert process.returncode == 1
    assert "NoAnswerError: the store failed at /store (no answer for 0.1 s)" in process.stderr
