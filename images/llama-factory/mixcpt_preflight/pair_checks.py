"""The checks of two nodes together, which the verb `pair` runs on both."""

from mixcpt_preflight.clock import ClockSample, check_clock
from mixcpt_preflight.node_checks import fail_missing, rate_all_reduce
from mixcpt_preflight.ranks import RankOutput, World, run_ranks
from mixcpt_preflight.transport import check_transport
from mixcpt_store.check_result import CheckResult


def check_pair(world: World) -> list[CheckResult]:
    return rate_pair(world, run_ranks(world, ("all-reduce", "clock")))


def rate_pair(world: World, output: RankOutput) -> list[CheckResult]:
    """Rates what the processes of one of the nodes measured; only those of the first one know the clocks."""
    results = rate_all_reduce("all-reduce-between", output, None)
    results += [check_transport(output.log, between_nodes=True)] if world.on_gpu else []
    if world.node_rank > 0:
        return results
    samples = [ClockSample(*sample) for one in output.measurements.get("clock", []) for sample in one["samples"]]
    return [*results, check_clock(samples) if samples else fail_missing("clock", output)]
