"""The figures of preflight and their limits."""

import json
import sys
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
from mixcpt_preflight.transport import check_transport, parse_transports

OUTPUTS = Path(__file__).parent / "preflight_outputs"
MI300X_PEAK = 1307.0


def read_log(name: str) -> str:
    return (OUTPUTS / name).read_text(encoding="utf-8")


def make_store(folder: Path, **changes: float) -> StoreTest:
    values = {"checkpoint_bytes": 3_000_000, "assumed_rate": 634.0, "max_bytes": 2_000_000, "seconds": 10.0}
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


def test_reads_the_transports_that_rccl_prints() -> None:
    assert parse_transports(read_log("rccl-frontier.log")) == {"P2P/IPC": 2, "NET/AWS Libfabric/GDRDMA": 1}
    assert parse_transports(read_log("rccl-socket.log")) == {"NET/Socket": 2}
    assert parse_transports(read_log("rccl-rdma.log")) == {"NET/IB": 2}


@pytest.mark.parametrize(
    ("log", "status"), [("rccl-frontier.log", "pass"), ("rccl-socket.log", "warn"), ("rccl-rdma.log", "warn")]
)
def test_between_nodes_only_rdma_from_the_device_passes(log: str, status: str) -> None:
    assert check_transport(read_log(log), between_nodes=True).status == status


def test_tells_an_image_without_libibverbs_from_a_pod_without_rdma_devices() -> None:
    no_library = "h:1:2 [0] NCCL INFO Failed to open libibverbs.so[.1]\n" + read_log("rccl-socket.log")
    assert "install libibverbs1" in check_transport(no_library, between_nodes=True).advice
    assert "give the pods one" in check_transport(read_log("rccl-socket.log"), between_nodes=True).advice


def test_within_a_node_data_must_not_leave_it() -> None:
    assert check_transport(read_log("rccl-node.log"), between_nodes=False).status == "pass"
    assert check_transport(read_log("rccl-socket.log"), between_nodes=False).status == "fail"
    shared = "h:1:2 [0] NCCL INFO Channel 00 : 0[1] -> 1[1] via SHM/direct/direct"
    assert check_transport(shared, between_nodes=False).status == "warn"
    assert check_transport("", between_nodes=False).status == "warn"


@pytest.mark.parametrize(("rate", "status"), [(700.0, "pass"), (300.0, "warn"), (100.0, "fail")])
def test_compares_the_store_with_the_plan(tmp_path: Path, rate: float, status: str) -> None:
    assert rate_write(make_store(tmp_path), rate).status == status


def test_writes_at_most_the_allowed_bytes_and_leaves_nothing(tmp_path: Path) -> None:
    written, read = check_store(make_store(tmp_path / "preflight" / "id"))
    assert (written.name, read.name) == ("store-write", "store-read")
    assert list((tmp_path / "preflight").iterdir()) == []


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
        init_process_group=lambda *_backend, **_settings: calls.append("meet"), destroy_process_group=lambda: None
    )
    cuda = SimpleNamespace(set_device=lambda _device: None, mem_get_info=read_memory)
    vars(torch).update(cuda=cuda, device=lambda *name: name, distributed=distributed)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch.distributed", distributed)
    world = World(processes=1, on_gpu=True, seconds=10.0)
    for name, value in build_rank_environment(world, 0, tmp_path).items():
        monkeypatch.setenv(name, value)
    rank_program.main([])
    assert calls == ["read memory", "meet"]
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
