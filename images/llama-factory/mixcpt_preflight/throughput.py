"""The figures of GEMM and all-reduce, with their limits."""

from collections.abc import Sequence
from statistics import median

from mixcpt_store.check_result import CheckResult, Status

# AMD's Primus fails an MI300X below 600 of 1307 TFLOPS (46 %) and below 2000 of 5300 GB/s (38 %), with the same
# matrices and copies (docs of its node-smoke test). Between that and the failures here is our assumption.
_GOOD_GEMM_SHARE = 0.46
_FAILING_GEMM_SHARE = 0.4
# Primus calls 4500 to 5000 of 5300 GB/s healthy, 85 % and more.
_GOOD_MEMORY_SHARE = 0.7
_FAILING_MEMORY_SHARE = 0.38
# A training waits for its slowest device in every step.
_SLOW_DEVICE_SHARE = 0.9


def rate_gemm(rates: Sequence[float], peak: float | None) -> CheckResult:
    """Rates the TFLOPS of the devices; `peak` is that of one device, None for processors."""
    slowest, middle = min(rates), median(rates)
    devices = ", ".join(f"{rate:.3g}" for rate in rates)
    if peak is None:
        return CheckResult("gemm", "pass", f"fp32 on processors, no peak to compare with: {devices}", slowest, "TFLOPS")
    detail = f"the slowest of {len(rates)} has {slowest / peak:.0%} of the peak of {peak:g}: {devices}"
    if slowest < peak * _FAILING_GEMM_SHARE:
        advice = "check clocks and power limit with amd-smi, and that no other program uses the device"
        return CheckResult("gemm", "fail", detail, slowest, "TFLOPS", advice)
    if slowest < peak * _GOOD_GEMM_SHARE or slowest < middle * _SLOW_DEVICE_SHARE:
        advice = f"device {rates.index(slowest)} slows every step: check its temperature, clocks and power limit"
        return CheckResult("gemm", "warn", detail, slowest, "TFLOPS", advice)
    return CheckResult("gemm", "pass", detail, slowest, "TFLOPS")


def rate_memory(rates: Sequence[float], peak: float) -> CheckResult:
    """Rates the GB/s that the devices copy within their memory, read and written bytes together."""
    slowest = min(rates)
    detail = f"the slowest of {len(rates)} has {slowest / peak:.0%} of {peak:g} GB/s"
    if slowest >= peak * _GOOD_MEMORY_SHARE:
        return CheckResult("device-bandwidth", "pass", detail, slowest, "GB/s")
    advice = f"check the memory clock and the ECC errors of device {rates.index(slowest)}"
    status: Status = "fail" if slowest < peak * _FAILING_MEMORY_SHARE else "warn"
    return CheckResult("device-bandwidth", status, detail, slowest, "GB/s", advice)


def compute_bus_bandwidth(ranks: int, size: int, seconds: float) -> float:
    """Returns GB/s as nccl-tests define them: each rank sends and receives 2(n-1)/n of the message."""
    return 2 * (ranks - 1) / ranks * size / seconds / 1e9


def rate_bandwidth(name: str, reference: float | None, rate: float, ranks: int) -> CheckResult:
    """Rates the bus bandwidth against `reference`, where there is one; less than half of it is a failure."""
    if reference is None:
        detail = f"{ranks} ranks; no published figure to compare with"
        return CheckResult(name, "pass", detail, rate, "GB/s")
    detail = f"{ranks} ranks; {reference:g} GB/s and more are expected"
    if rate >= reference:
        return CheckResult(name, "pass", detail, rate, "GB/s")
    advice = "look at the transport below; check the links with `amd-smi topology` and `amd-smi xgmi`"
    status: Status = "fail" if rate < reference / 2 else "warn"
    return CheckResult(name, status, detail, rate, "GB/s", advice)


def rate_bandwidth_between(name: str, assumed: float | None, rate: float, ranks: int) -> CheckResult:
    """Rates the bus bandwidth of two nodes against what the plan assumes that a node sends to others."""
    if assumed is None:
        return CheckResult(name, "pass", f"{ranks} ranks; nothing to compare with", rate, "GB/s")
    detail = f"{ranks} ranks; the plan assumes {assumed:g} GB/s without a measurement"
    if rate >= assumed:
        return CheckResult(name, "pass", detail, rate, "GB/s")
    advice = "look at the transport below and at the adapters of both nodes, or correct network in the cluster's file"
    return CheckResult(name, "warn", detail, rate, "GB/s", advice)
