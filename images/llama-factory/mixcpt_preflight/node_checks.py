"""The checks of one node, which the verb `node` runs in this order."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mixcpt_preflight.devices import check_devices
from mixcpt_preflight.health import check_health
from mixcpt_preflight.memory_limits import check_shared_memory
from mixcpt_preflight.network_devices import check_network_devices
from mixcpt_preflight.optimizer_step import rate_optimizer_step
from mixcpt_preflight.pcie_links import check_pcie_links
from mixcpt_preflight.ranks import Measurement, RankOutput, World, run_ranks
from mixcpt_preflight.rccl_warnings import check_warnings
from mixcpt_preflight.rdma_library import check_rdma_library
from mixcpt_preflight.store_speed import StoreTest, check_store
from mixcpt_preflight.throughput import compute_bus_bandwidth, rate_bandwidth, rate_gemm, rate_memory
from mixcpt_preflight.transport import check_transport
from mixcpt_preflight.visible_devices import count_visible_devices
from mixcpt_store.check_result import CheckResult, run_check
from mixcpt_store.errors import BrokenNodeError

# What other programs may hold of a device before it is worth a warning: our assumption.
_FREE_SHARE = 0.95


@dataclass(frozen=True)
class NodeTest:
    """`peak` in TFLOPS, `memory_peak` and `bus_reference` in GB/s of a device; None where nothing is known."""

    world: World
    devices: int
    shared_memory_bytes: int
    store: StoreTest
    peak: float | None
    memory_peak: float | None
    bus_reference: float | None


def check_node(test: NodeTest) -> list[CheckResult]:
    on_gpu = test.world.on_gpu
    return [
        *run_check("devices", partial(_check_devices, test)),
        *(run_check("health", check_health) if on_gpu else []),
        *run_check("shared-memory", partial(check_shared_memory, test.shared_memory_bytes)),
        *run_check("network-devices", check_network_devices),
        *(run_check("rdma-library", check_rdma_library) if on_gpu else []),
        *run_check("store-write", partial(check_store, test.store)),
        *check_ranks(test, run_ranks(test.world, ("gemm", "all-reduce", "optimizer-step"))),
        # After the work: links without any may slow down to save power.
        *(run_check("pcie-links", check_pcie_links) if on_gpu else []),
    ]


def _check_devices(test: NodeTest) -> list[CheckResult]:
    try:
        return check_devices(test.devices, count_visible_devices() if test.world.on_gpu else None)
    except BrokenNodeError as error:
        advice = "run `amd-smi list` and `dmesg | grep amdgpu` on the node; if all nodes fail, try another image"
        return [CheckResult("devices", "fail", str(error), advice=advice)]


def check_ranks(test: NodeTest, output: RankOutput) -> list[CheckResult]:
    """Rates what the processes of a node measured."""
    found, world = output.measurements, test.world
    results = _rate_free_memory(found["device-memory"]) if "device-memory" in found else []
    results += _rate_gemm(test, found["gemm"]) if "gemm" in found else [fail_missing("gemm", output)]
    rate_bus = partial(rate_bandwidth, "all-reduce", test.bus_reference)
    results += rate_all_reduce("all-reduce", output, rate_bus) if world.size > 1 else []
    if world.on_gpu and world.size > 1:
        results += [check_transport(output.log, between_nodes=False), check_warnings(output.log)]
    step = found.get("optimizer-step")
    results += [rate_optimizer_step(step[0], on_gpu=world.on_gpu) if step else fail_missing("optimizer-step", output)]
    return results


def _rate_gemm(test: NodeTest, measured: list[Measurement]) -> list[CheckResult]:
    gemm = rate_gemm([one["tflops"] for one in measured], test.peak)
    if not test.world.on_gpu:
        return [gemm]
    copied = [one["copied"] for one in measured]
    memory = [rate_memory(copied, test.memory_peak)] if test.memory_peak else []
    return [gemm, *memory]


def _rate_free_memory(measured: list[Measurement]) -> list[CheckResult]:
    shares = [one["free"] / one["total"] for one in measured]
    lowest = min(shares)
    detail = f"device {shares.index(lowest)} has {lowest:.0%} free"
    if lowest >= _FREE_SHARE:
        return [CheckResult("device-memory", "pass", detail, lowest * 100, "%")]
    advice = "find the program that holds it with `amd-smi process` on the node"
    return [CheckResult("device-memory", "warn", detail, lowest * 100, "%", advice)]


def rate_all_reduce(name: str, output: RankOutput, rate_bus: Callable[[float, int], CheckResult]) -> list[CheckResult]:
    measured = output.measurements.get("all-reduce")
    if not measured:
        return [fail_missing(name, output)]
    slowest = max(measured, key=lambda one: one["seconds"])
    rate = compute_bus_bandwidth(slowest["ranks"], slowest["bytes"], slowest["seconds"])
    return [rate_bus(rate, slowest["ranks"])]


def fail_missing(name: str, output: RankOutput) -> CheckResult:
    return CheckResult(name, "fail", output.failure or "not measured", advice="see the log of the pod")
