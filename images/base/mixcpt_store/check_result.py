"""Results of the checks of `./mixcpt preflight`, which it reads from the log of a pod."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from mixcpt_store.unexpected import describe_unexpected

Status = Literal["pass", "warn", "fail", "skipped"]


@dataclass(frozen=True)
class CheckResult:
    """One row of the table: `detail` says what was seen, `advice` what to do about it."""

    name: str
    status: Status
    detail: str
    value: float | None = None
    unit: str = ""
    advice: str = ""


def print_results(results: Sequence[CheckResult], facts: Mapping[str, str] | None = None) -> None:
    """Prints one JSON document on one line, so that it can be told from what libraries print."""
    checks = [asdict(result) for result in results]
    print(json.dumps({"preflight": {"checks": checks, "facts": dict(facts or {})}}), flush=True)


def run_check(name: str, check: Callable[[], Sequence[CheckResult]]) -> list[CheckResult]:
    """Runs a check; an exception is its failure and keeps no other check from running."""
    try:
        return list(check())
    except Exception as error:
        return [CheckResult(name, "fail", describe_unexpected(error), advice="see the log of the pod")]
