"""The figures of preflight and their limits."""

import json
import os
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from mixcpt_preflight import rank_program
from mixcpt_preflight.clock import ClockSample, check_clock
from mixcpt_preflight.node_checks import NodeTest, check_ranks
from mixcpt_preflight.optimizer_step import rate_optimizer_step
from mixcpt_preflight.pair_checks import PairTest, rate_pair
from mixcpt_preflight.ranks import RankOutput, World, build_rank_environment
from mixcpt_preflight.store_speed import StoreTest, check_store, rate_write
from mixcpt_preflight.throughput import (
    compute_bus_bandwidth,
    rate_bandwidth,
    rate_bandwidth_between,
    rate_gemm,
    rate_memory,
)
from mixcpt_store.check_result import CheckResult

OUTPUTS = Path(__file__).parent / "preflight_outputs"
MI300X_PEAK = 1307.0


def make_store(folder: Path, **changes: float | None) -> StoreTest:
    values: dict[str, float | None] = {
        "checkpoint_bytes": 3_000_000,
        "assumed_rate": 634.0,
        "max_bytes": 2_000_000,
        "seconds": 10.0,
    }
    return StoreTest(folder=folder, **{**values, **changes})  # type: ignore[arg-type]


def test_bus_bandwidth_is_that_of_nccl_tests() -> None:
    # 8 ranks, 1 GB in 10 ms: algorithm bandwidth 100 GB/s, times 2 x 7/8
    assert compute_bus_bandwidth(8, 10**9, 0.01) == pytest.approx(175.0)
    assert compute_bus_bandwidth(2, 10**9, 0.01) == pytest.approx(100.0)


@pytest.mark.parametrize(("rate", "status"), [(700.0, "pass"), (560.0, "warn"), (500.0, "fail")])
def test_rates_gemm_by_its_share_of_the_peak(rate: float, status: str) -> None:
    assert rate_gemm([rate] * 8, MI300X_PEAK).status == status


def test_names_the_device_that_slows_all_others() -> None:
    result = rate_gemm([700.0] * 7 + [620.0], MI300X_PEAK)
    assert result.status == "warn"
    assert result.advice.startswith("device 7 slows every step")


def test_processors_have_no_peak_to_compare_with() -> None:
    assert rate_gemm([0.07, 0.08], None).status == "pass"


@pytest.mark.parametrize(("rate", "status"), [(4500.0, "pass"), (3000.0, "warn"), (1900.0, "fail")])
def test_rates_the_memory_of_devices(rate: float, status: str) -> None:
    assert rate_memory([rate, 4800.0], 5300.0).status == status


@pytest.mark.parametrize(("rate", "status"), [(310.0, "pass"), (150.0, "warn"), (90.0, "fail")])
def test_rates_all_reduce_where_a_reference_is_known(rate: float, status: str) -> None:
    assert rate_bandwidth("all-reduce", 200.0, rate, 8).status == status
    assert rate_bandwidth("all-reduce", None, rate, 8).status == "pass"


@pytest.mark.parametrize(("rate", "status"), [(88.0, "pass"), (60.0, "warn"), (2.5, "warn")])
def test_warns_of_two_nodes_that_are_slower_than_the_plan_assumes(rate: float, status: str) -> None:
    result = rate_bandwidth_between("all-reduce-between", 88.0, rate, 16)
    assert (result.status, result.value) == (status, rate)
    assert rate_bandwidth_between("all-reduce-between", None, rate, 16).status == "pass"


@pytest.mark.parametrize(("rate", "status"), [(700.0, "pass"), (300.0, "warn"), (100.0, "fail")])
def test_compares_the_store_with_the_plan(tmp_path: Path, rate: float, status: str) -> None:
    assert rate_write(make_store(tmp_path), rate).status == status
    assert rate_write(make_store(tmp_path, assumed_rate=None), rate).status == "pass"


def test_writes_at_most_the_allowed_bytes_and_leaves_nothing(tmp_path: Path) -> None:
    written, read = check_store(make_store(tmp_path / "preflight"))
    assert (written.name, read.name) == ("store-write", "store-read")
    assert list((tmp_path / "preflight").iterdir()) == []


def test_a_node_that_ends_its_test_of_the_store_does_not_disturb_another(tmp_path: Path) -> None:
    test = make_store(tmp_path / "preflight")
    others: list[CheckResult] = []

    def end_another_test() -> float:
        others.extend(check_store(test))
        return time.monotonic()

    own = check_store(test, clock=end_another_test)
    names = [result.name for result in [*own, *others]]
    assert names == ["store-write", "store-read"] * (len(names) // 2)
    assert len(others) > 4  # before, while and after this node wrote and read
    assert list(test.folder.iterdir()) == []


def test_removes_files_of_tests_that_were_killed_long_ago(tmp_path: Path) -> None:
    for name, age in (("speed-old", 7200.0), ("speed-new", 60.0)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "file").write_bytes(b"x")
        os.utime(folder, (time.time() - age, time.time() - age))
    check_store(make_store(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["speed-new"]


def test_stops_writing_when_its_time_is_over(tmp_path: Path) -> None:
    ticks = iter(range(1000))
    test = make_store(tmp_path / "id", checkpoint_bytes=2**40, max_bytes=2**40, seconds=2.0)
    written, _read = check_store(test, clock=lambda: float(next(ticks)))
    assert written.value is not None
    assert written.value < 2**24 * 3 / 1e6


def test_the_clock_follows_the_sample_with_the_shortest_way() -> None:
    far, near = ClockSample(0.0, 105.0, 10.0), ClockSample(10.0, 10.5005, 10.001)
    result = check_clock([far, near])
    assert (result.status, result.value) == ("pass", pytest.approx(0.5))
    assert check_clock([ClockSample(0.0, 5.0, 0.001)]).status == "warn"
    assert check_clock([ClockSample(0.0, 500.0, 0.001)]).status == "fail"


def test_a_step_without_deepspeed_fails_only_on_a_gpu() -> None:
    step = {"method": "DDP", "seconds": 0.1, "losses": [1.0, 0.9]}
    assert rate_optimizer_step(step, on_gpu=False).status == "pass"
    assert rate_optimizer_step(step, on_gpu=True).status == "fail"
    assert rate_optimizer_step({**step, "method": "ZeRO-3"}, on_gpu=True).status == "pass"
    assert rate_optimizer_step({**step, "losses": [1.0, float("nan")]}, on_gpu=False).status == "fail"


def make_node_test(tmp_path: Path, *, on_gpu: bool) -> NodeTest:
    world = World(processes=2, on_gpu=on_gpu, seconds=10.0)
    return NodeTest(world, 2, 1, make_store(tmp_path), MI300X_PEAK if on_gpu else None, 5300.0, None)


def test_measurements_before_a_failure_stay(tmp_path: Path) -> None:
    output = RankOutput({"gemm": [{"tflops": 0.1}, {"tflops": 0.1}]}, failure="a process ended with code 1: boom")
    results = {result.name: result for result in check_ranks(make_node_test(tmp_path, on_gpu=False), output)}
    assert results["gemm"].status == "pass"
    assert results["all-reduce"].detail == "a process ended with code 1: boom"
    assert results["optimizer-step"].status == "fail"


def test_a_node_and_a_pair_show_what_rccl_warns_of(tmp_path: Path) -> None:
    output = RankOutput(log=(OUTPUTS / "rccl-warnings.log").read_text(encoding="utf-8"))
    of_node = check_ranks(make_node_test(tmp_path, on_gpu=True), output)
    of_pair = rate_pair(PairTest(World(2, True, 10.0, 2, 1, "first"), 11.0), output)
    assert [[one.status for one in found if one.name == "rccl-warnings"] for found in (of_node, of_pair)] == [
        ["warn"]
    ] * 2


def test_a_gpu_that_others_use_is_a_warning(tmp_path: Path) -> None:
    found = [{"free": 50, "total": 100}, {"free": 99, "total": 100}]
    results = check_ranks(make_node_test(tmp_path, on_gpu=True), RankOutput({"device-memory": found}))
    memory = next(result for result in results if result.name == "device-memory")
    assert (memory.status, memory.value) == ("warn", 50.0)


def test_free_memory_is_read_before_the_processes_meet_and_allocate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def read_memory(_device: object) -> tuple[int, int]:
        calls.append("read memory")
        return 23, 24

    torch = ModuleType("torch")
    distributed = ModuleType("torch.distributed")
    vars(distributed).update(
        init_process_group=lambda *_backend, **_settings: calls.append("meet"),
        is_initialized=lambda: True,
        get_backend=lambda: "cpu:gloo,cuda:nccl",
        destroy_process_group=lambda: calls.append("part"),
    )
    cuda = SimpleNamespace(set_device=lambda _device: None, mem_get_info=read_memory)
    vars(torch).update(cuda=cuda, device=lambda *name: name, distributed=distributed)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch.distributed", distributed)
    world = World(processes=1, on_gpu=True, seconds=10.0)
    for name, value in build_rank_environment(world, 0, tmp_path).items():
        monkeypatch.setenv(name, value)
    rank_program.main([])
    assert calls == ["read memory", "meet", "part"]
    assert json.loads((tmp_path / "results-0.jsonl").read_text()) == {"name": "device-memory", "free": 23, "total": 24}


def test_only_the_first_node_of_a_pair_reports_the_clock() -> None:
    reduced = {"seconds": 0.01, "bytes": 10**9, "ranks": 2}
    output = RankOutput({"all-reduce": [reduced], "clock": [{"samples": [[0.0, 0.0005, 0.001]]}]})
    first, second = (rate_pair(PairTest(World(1, False, 10.0, 2, rank, "first"), 11.0), output) for rank in (0, 1))
    assert [result.name for result in first] == ["all-reduce-between", "clock"]
    assert [result.name for result in second] == ["all-reduce-between"]


def test_ranks_of_the_second_node_follow_those_of_the_first(tmp_path: Path) -> None:
    world = World(processes=8, on_gpu=True, seconds=10.0, nodes=2, node_rank=1, master="first")
    environment = build_rank_environment(world, 3, tmp_path)
    assert (environment["RANK"], environment["WORLD_SIZE"], environment["LOCAL_RANK"]) == ("11", "16", "3")
    assert environment["NCCL_DEBUG"] == "INFO"


def test_a_node_without_the_store_fails_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_STORE", str(tmp_path))
    monkeypatch.setenv("MIXCPT_STORE_ID", "known")
    (result,) = check_store(make_store(tmp_path / "preflight"))
    assert (result.name, result.status) == ("store-write", "fail")
    assert result.detail.startswith("this node does not have the store: ")
    assert list(tmp_path.iterdir()) == []
