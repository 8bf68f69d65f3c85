"""The end of a process that belongs to a group of torch.distributed."""

import os
import sys
from types import ModuleType
from typing import NoReturn

import pytest

from mixcpt_train.process_group import leave_group


class EndedError(Exception):
    """Stands for the end of the process."""


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
    with pytest.raises(EndedError):
        leave_group(3)
    assert calls == ["exit 3"]


@pytest.mark.parametrize("backend", ["nccl", "cpu:gloo,cuda:nccl"])
def test_a_process_with_gpus_destroys_its_group_so_that_others_get_its_last_messages(
    monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    calls = use_group(monkeypatch, backend)
    leave_group(0)
    assert calls == ["destroy"]


def test_a_process_without_a_group_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = use_group(monkeypatch, None)
    leave_group(0)
    assert calls == []
