"""The number of processes: no more than the cores that the pod requested."""

import os

import pytest

from mixcpt_store.cores import VARIABLE, count_cores
from mixcpt_store.errors import InputError


@pytest.mark.parametrize(("requested", "expected"), [("1", 1), ("0", 1), ("3", 3), ("8", 4), ("", 4)])
def test_counts_the_requested_cores_up_to_those_that_the_process_may_use(
    monkeypatch: pytest.MonkeyPatch, requested: str, expected: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(4)))
    monkeypatch.setenv(VARIABLE, requested)
    assert count_cores() == expected


def test_counts_the_cores_of_the_process_outside_of_a_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert count_cores() == len(os.sched_getaffinity(0))


def test_rejects_a_value_that_is_not_a_whole_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "500m")
    with pytest.raises(InputError, match="MIXCPT_CPUS is '500m'; it must be a whole number of cores"):
        count_cores()
