"""The end of a process that belongs to a group of torch.distributed."""

import os
import sys
from types import ModuleType
from typing import NoReturn

import pytest

from mixcpt_train.process_group import leave_group


class EndedError(Exception):
    """Stands for the end of the process."""


def _fail() -> RuntimeError:
    try:
        raise RuntimeError("planned different attempts")
    except RuntimeError as error:
        return error


def use_group(monkeypatch: pytest.MonkeyPatch, backend: str | None) -> list[str]:
    """Puts this process into a group of a backend, or into none, and returns what is called."""
    calls: list[str] = []

    def end(code: int) -> NoReturn:
        calls.append(f"exit {code}")
        raise EndedError

    distributed = ModuleType("torch.distributed")
    vars(distributed).update(
        is_initialized=lambda: backend is not None,
        get_backend=lambda: backend,
        destroy_process_group=lambda: calls.append("destroy"),
    )
    torch = ModuleType("torch")
    vars(torch).update(distributed=distributed)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch.distributed", distributed)
    monkeypatch.setattr(os, "_exit", end)
    return calls


def test_a_process_with_gloo_ends_without_the_destructor_that_may_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = use_group(monkeypatch, "gloo")
    for error in (None, SystemExit(), SystemExit(3)):
        with pytest.raises(EndedError):
            leave_group(error)
    assert calls == ["exit 0", "exit 0", "exit 3"]


def test_a_process_with_gloo_prints_what_python_would_print_of_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = use_group(monkeypatch, "gloo")
    with pytest.raises(EndedError):
        leave_group(SystemExit("no such dataset"))
    assert capsys.readouterr().err == "no such dataset\n"
    with pytest.raises(EndedError):
        leave_group(_fail())
    printed = capsys.readouterr().err.splitlines()
    assert printed[0] == "Traceback (most recent call last):"
    assert printed[-1] == "RuntimeError: planned different attempts"
    assert calls == ["exit 1", "exit 1"]


@pytest.mark.parametrize("backend", ["nccl", "cpu:gloo,cuda:nccl"])
def test_a_process_with_gpus_destroys_its_group_so_that_others_get_its_last_messages(
    monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    calls = use_group(monkeypatch, backend)
    leave_group()
    leave_group(SystemExit(0))
    assert calls == ["destroy", "destroy"]


def test_a_process_with_gpus_that_failed_does_not_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = use_group(monkeypatch, "nccl")
    leave_group(_fail())
    assert calls == []


@pytest.mark.parametrize("backend", ["nccl", None])
def test_the_end_of_a_process_that_goes_on_is_left_to_python_to_print(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], backend: str | None
) -> None:
    use_group(monkeypatch, backend)
    for error in (SystemExit("no such dataset"), _fail()):
        leave_group(error)
    assert capsys.readouterr().err == ""


def test_a_process_without_a_group_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = use_group(monkeypatch, None)
    leave_group()
    assert calls == []
