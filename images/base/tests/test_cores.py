"""How many processes: no more than the pod asked for."""

import os

import pytest

from mixcpt_store.cores import VARIABLE, count_cores
from mixcpt_store.errors import InputError


@pytest.mark.parametrize(("asked", "expected"), [("1", 1), ("0", 1), ("3", 3), ("8", 4), ("", 4)])
def test_it_is_what_the_pod_asked_for_and_no_more_than_there_are(
    monkeypatch: pytest.MonkeyPatch, asked: str, expected: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(4)))
    monkeypatch.setenv(VARIABLE, asked)
    assert count_cores() == expected


def test_outside_of_a_pod_it_is_the_cores_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert count_cores() == len(os.sched_getaffinity(0))


def test_a_value_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "500m")
    with pytest.raises(InputError, match="MIXCPT_CPUS is '500m'; it must be a whole number of cores"):
        count_cores()
