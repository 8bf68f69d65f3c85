"""The checks of two nodes together, which the verb `pair` runs on both."""

from dataclasses import dataclass
from functools import partial

from mixcpt_preflight.clock import ClockSample, check_clock
from mixcpt_preflight.node_checks import fail_missing, rate_all_reduce
from mixcpt_preflight.ranks import RankOutput, World, run_ranks
from mixcpt_preflight.rccl_warnings import check_warnings
from mixcpt_preflight.throughput import rate_bandwidth_between
from mixcpt_preflight.transport import check_transport
from mixcpt_store.check_result import CheckResult

_BETWEEN_CHECK = "all-reduce-between"


@dataclass(frozen=True)
class PairTest:
    """`assumed` is what the plan assumes that a node sends to others, in GB/s; None where devices are emulated."""

    world: World
    assumed: float | None


def check_pair(test: PairTest) -> list[CheckResult]:
    return rate_pair(test, run_ranks(test.world, ("all-reduce", "clock")))


def rate_pair(test: PairTest, output: RankOutput) -> list[CheckResult]:
    """Rates what the processes of one of the nodes measured; only those of the first one know the clocks."""
    world = test.world
    results = rate_all_reduce(_BETWEEN_CHECK, output, partial(rate_bandwidth_between, _BETWEEN_CHECK, test.assumed))
    results += [check_transport(output.log, between_nodes=True), check_warnings(output.log)] if world.on_gpu else []
    if world.node_rank > 0:
        return results
    samples = [ClockSample(*sample) for one in output.measurements.get("clock", []) for sample in one["samples"]]
    return [*results, check_clock(samples) if samples else fail_missing("clock", output)]
