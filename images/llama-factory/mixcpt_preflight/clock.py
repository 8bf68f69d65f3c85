"""The difference between the clocks of two nodes."""

from collections.abc import Sequence
from dataclasses import dataclass

from mixcpt_store.check_result import CheckResult

# Kerberos and Lustre tolerate minutes; logs of two nodes cannot be ordered beyond a second. Our assumption.
_WARN_SECONDS = 1.0
_FAIL_SECONDS = 60.0


@dataclass(frozen=True)
class ClockSample:
    """Times in seconds: when a question left, what the other clock said, and when that answer came."""

    sent: float
    other: float
    received: float

    @property
    def offset(self) -> float:
        return self.other - (self.sent + self.received) / 2

    @property
    def uncertainty(self) -> float:
        return (self.received - self.sent) / 2


def check_clock(samples: Sequence[ClockSample]) -> CheckResult:
    """Takes the sample with the shortest way, as NTP does."""
    best = min(samples, key=lambda sample: sample.uncertainty)
    offset = abs(best.offset)
    detail = f"{best.offset * 1000:.3g} ms, known to {best.uncertainty * 1000:.2g} ms"
    advice = "start a time service (chrony) on both nodes"
    if offset > _FAIL_SECONDS:
        return CheckResult("clock", "fail", detail, offset, "s", advice)
    if offset > _WARN_SECONDS:
        return CheckResult("clock", "warn", detail, offset, "s", advice)
    return CheckResult("clock", "pass", detail, offset, "s")
