"""The figures of GEMM and all-reduce, with their limits."""

from collections.abc import Sequence
from statistics import median

from mixcpt_store.check_result import CheckResult, Status

# AMD measured 708 of 1307 TFLOPS (54 %) in bf16 on an MI300X as the most that is achievable
# (rocm.blogs.amd.com, "Measuring Max-Achievable FLOPs", part 2). The limits below are our assumption.
_GOOD_SHARE = 0.4
_FAILING_SHARE = 0.25
# A training waits for its slowest device in every step.
_SLOW_DEVICE_SHARE = 0.9


def rate_gemm(rates: Sequence[float], peak: float | None) -> CheckResult:
    """Rates the TFLOPS of the devices; `peak` is that of one device, None for processors."""
    slowest, middle = min(rates), median(rates)
    devices = ", ".join(f"{rate:.3g}" for rate in rates)
    if peak is None:
        return CheckResult("gemm", "pass", f"fp32 on processors, no peak to compare with: {devices}", slowest, "TFLOPS")
    detail = f"the slowest of {len(rates)} has {slowest / peak:.0%} of the peak of {peak:g}: {devices}"
    if slowest < peak * _FAILING_SHARE:
        advice = "check clocks and power limit with amd-smi, and that no other program uses the device"
        return CheckResult("gemm", "fail", detail, slowest, "TFLOPS", advice)
    if slowest < peak * _GOOD_SHARE or slowest < middle * _SLOW_DEVICE_SHARE:
        advice = f"device {rates.index(slowest)} slows every step: check its temperature, clocks and power limit"
        return CheckResult("gemm", "warn", detail, slowest, "TFLOPS", advice)
    return CheckResult("gemm", "pass", detail, slowest, "TFLOPS")


def compute_bus_bandwidth(ranks: int, size: int, seconds: float) -> float:
    """Returns GB/s as nccl-tests define them: each rank sends and receives 2(n-1)/n of the message."""
    return 2 * (ranks - 1) / ranks * size / seconds / 1e9


def rate_bandwidth(name: str, rate: float, reference: float | None, ranks: int) -> CheckResult:
    """Rates the bus bandwidth against the lowest one that the vendor accepts, where one is published."""
    if reference is None:
        detail = f"{ranks} ranks; no published figure to compare with"
        return CheckResult(name, "pass", detail, rate, "GB/s")
    detail = f"{ranks} ranks; AMD accepts {reference:g} GB/s and more"
    if rate >= reference:
        return CheckResult(name, "pass", detail, rate, "GB/s")
    advice = "look at the transport below; check the links with `amd-smi topology` and `amd-smi xgmi`"
    status: Status = "fail" if rate < reference / 2 else "warn"
    return CheckResult(name, status, detail, rate, "GB/s", advice)
