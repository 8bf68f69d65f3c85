"""A training process runs on the cores next to its GPU, by a copy of the kernel's files of a node like LUMI's."""

import os
from pathlib import Path

import pytest

from mixcpt_train.cpu_affinity import bind_to_gpu

# Two processors without a GPU and two GPUs of different NUMA nodes, in the order of the driver.
_GPUS = {2: (0xC600, "0-7,64-71"), 3: (0xD100, "8-15,72-79")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(4):
        location, cores = _GPUS.get(number, (0, ""))
        node = tmp_path / f"sys/class/kfd/kfd/topology/nodes/{number}"
        node.mkdir(parents=True)
        simd_count = 440 if cores else 0
        text = f"cpu_cores_count 0\nsimd_count {simd_count}\nlocation_id {location}\ndomain 0\n"
        (node / "properties").write_text(text, encoding="ascii")
        if cores:
            device = tmp_path / f"sys/bus/pci/devices/0000:{location >> 8:02x}:00.0"
            device.mkdir(parents=True)
            (device / "local_cpulist").write_text(f"{cores}\n", encoding="ascii")
    return tmp_path


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """The cores to which the process was bound, instead of binding the tests."""
    calls: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(128)))
    monkeypatch.setattr(os, "sched_setaffinity", lambda _pid, cores: calls.append(set(cores)))
    return calls


def test_binds_each_process_to_the_cores_next_to_its_gpu(
    root: Path, bound: list[set[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    for rank in ("0", "1"):
        bind_to_gpu({"LOCAL_RANK": rank}, root)
    assert bound == [{*range(8), *range(64, 72)}, {*range(8, 16), *range(72, 80)}]
    assert "process 1: on the 16 cores next to its GPU 0000:d1:00.0" in capsys.readouterr().out


def test_counts_only_the_gpus_of_the_pod(root: Path, bound: list[set[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    read_text = Path.read_text

    def refuse_first_gpu(path: Path, encoding: str) -> str:
        if path.parent.name == "2":
            raise PermissionError
        return read_text(path, encoding=encoding)

    monkeypatch.setattr(Path, "read_text", refuse_first_gpu)
    bind_to_gpu({"LOCAL_RANK": "0"}, root)
    assert bound == [{*range(8, 16), *range(72, 80)}]


@pytest.mark.parametrize("environment", [{}, {"LOCAL_RANK": "2"}, {"LOCAL_RANK": "first"}])
def test_leaves_a_process_without_a_gpu_alone(root: Path, bound: list[set[int]], environment: dict[str, str]) -> None:
    bind_to_gpu(environment, root)
    assert bound == []


def test_leaves_a_machine_without_the_driver_alone(tmp_path: Path, bound: list[set[int]]) -> None:
    bind_to_gpu({"LOCAL_RANK": "0"}, tmp_path)
    assert bound == []


def test_uses_all_cores_if_too_few_are_next_to_the_gpu(
    root: Path, bound: list[set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {7, 8, 9, 10, 11})
    bind_to_gpu({"LOCAL_RANK": "0"}, root)
    assert bound == []
