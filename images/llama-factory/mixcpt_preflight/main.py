"""The command mixcpt-preflight."""

import sys

from mixcpt_preflight.facts import read_facts
from mixcpt_preflight.node_checks import NodeTest, check_node
from mixcpt_preflight.pair_checks import PairTest, check_pair
from mixcpt_preflight.ranks import World
from mixcpt_preflight.store_speed import StoreTest
from mixcpt_store.check_result import print_results
from mixcpt_store.command import Verb, run_verb
from mixcpt_store.device import wants_gpu
from mixcpt_store.spec import Spec


def main() -> None:
    verbs: dict[str, Verb] = {"node": run_node_checks, "pair": run_pair_checks}
    sys.exit(run_verb("mixcpt-preflight", verbs, without_store=verbs))


def run_node_checks(spec: Spec) -> None:
    """Prints the results of one node. A failed check is a result; only a bad spec is an error."""
    test = read_node_test(spec)
    spec.finish()
    print_results(check_node(test), read_facts(on_gpu=test.world.on_gpu))


def run_pair_checks(spec: Spec) -> None:
    """Prints the results of two nodes, as this one sees them."""
    test = PairTest(read_world(spec, nodes=2), spec.get_number("assumedGBs", default=0.0) or None)
    spec.finish()
    print_results(check_pair(test))


def read_node_test(spec: Spec) -> NodeTest:
    store = spec.get_child("store")
    return NodeTest(
        world=read_world(spec, nodes=1),
        devices=spec.get_integer("devices", minimum=1),
        shared_memory_bytes=spec.get_integer("sharedMemoryBytes", minimum=1),
        store=StoreTest(
            folder=store.get_path("folder"),
            checkpoint_bytes=store.get_integer("checkpointBytes", minimum=1),
            assumed_rate=store.get_number("assumedMBs", default=0.0) or None,
            max_bytes=store.get_integer("maxBytes", minimum=1),
            seconds=store.get_number("seconds"),
        ),
        peak=spec.get_number("peakTflops", default=0.0) or None,
        memory_peak=spec.get_number("peakMemoryGBs", default=0.0) or None,
        bus_reference=spec.get_number("busReferenceGBs", default=0.0) or None,
    )


def read_world(spec: Spec, *, nodes: int) -> World:
    return World(
        processes=spec.get_integer("processes", minimum=1),
        on_gpu=wants_gpu(spec),
        seconds=spec.get_number("seconds"),
        nodes=nodes,
        node_rank=spec.get_integer("nodeRank", default=0),
        master=spec.get_text("master", default="127.0.0.1"),
    )


if __name__ == "__main__":
    main()
