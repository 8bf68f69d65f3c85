"""How many processes: no more than the pod may use."""

import os
from pathlib import Path

import pytest

from mixcpt_data.workers import cores


@pytest.mark.parametrize(
    ("quota", "expected"),
    [("50000 100000", 1), ("100000 100000", 1), ("max 100000", None), ("9900000 100000", None)],
)
def test_a_quota_lowers_the_number_and_never_raises_it(
    tmp_path: Path, quota: str, expected: int | None
) -> None:
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    assert cores(tmp_path / "cpu.max") == (expected or len(os.sched_getaffinity(0)))


def test_without_a_cgroup_it_is_the_cores_of_the_process(tmp_path: Path) -> None:
    assert cores(tmp_path / "absent") == len(os.sched_getaffinity(0))
