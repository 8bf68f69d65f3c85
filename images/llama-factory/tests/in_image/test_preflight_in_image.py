"""The processes that measure together, with the image's torch."""

from mixcpt_preflight.ranks import World, run_ranks


def test_two_processes_measure_everything_with_gloo() -> None:
    output = run_ranks(World(2, on_gpu=False, seconds=120.0), ("gemm", "all-reduce", "clock", "optimizer-step"))
    assert output.failure == ""
    assert {name: len(found) for name, found in output.measurements.items()} == {
        "gemm": 2,
        "all-reduce": 2,
        "clock": 2,
        "optimizer-step": 2,
    }


def test_processes_that_wait_for_another_node_are_ended() -> None:
    output = run_ranks(World(1, on_gpu=False, seconds=8.0, nodes=2), ("all-reduce",))
    assert output.measurements == {}
    assert output.failure != ""
