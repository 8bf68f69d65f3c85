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


def test_uses_all_cores_if_too_few_are_next_to_the_gpu_and_says_so(
    root: Path, bound: list[set[int]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {7, 8, 9, 10, 11})
    bind_to_gpu({"LOCAL_RANK": "0", "MIXCPT_ON_GPU": "1"}, root)
    assert bound == []
    assert capsys.readouterr().out == (
        "process 0: not bound to the cores next to its GPU: 1 of the pod's 5 cores are next to 0000:c6:00.0; "
        "4 are needed, 4 for each process with a GPU there\n"
    )


def test_counts_the_processes_that_share_the_cores_next_to_their_gpus(root: Path, bound: list[set[int]]) -> None:
    for location in (0xC6, 0xD1):
        path = root / f"sys/bus/pci/devices/0000:{location:02x}:00.0/local_cpulist"
        path.write_text("0-6\n", encoding="ascii")
    bind_to_gpu({"LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "2"}, root)
    assert bound == []
    bind_to_gpu({"LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "1"}, root)
    assert bound == [set(range(7))]


@pytest.mark.parametrize(
    ("rank", "reason"),
    [
        ("2", "process 2: not bound to the cores next to its GPU: the kernel lists 2 GPUs in /sys/class/kfd"),
        ("first", "process first: not bound to the cores next to its GPU: ValueError: "),
    ],
)
def test_says_why_a_process_is_not_bound_only_where_a_gpu_was_requested(
    root: Path, capsys: pytest.CaptureFixture[str], rank: str, reason: str
) -> None:
    bind_to_gpu({"LOCAL_RANK": rank}, root)
    assert capsys.readouterr().out == ""
    bind_to_gpu({"LOCAL_RANK": rank, "MIXCPT_ON_GPU": "1"}, root)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(reason)


def test_says_that_the_driver_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bind_to_gpu({"LOCAL_RANK": "0", "MIXCPT_ON_GPU": "1"}, tmp_path)
    assert "No such file or directory" in capsys.readouterr().out
