from prometheus_client import generate_latest
from prometheus_client.registry import CollectorRegistry

from mixcpt_monitor.cells import CellKey, CellState
from mixcpt_monitor.collector import CellCollector, ClusterState


def test_a_scrape_has_the_known_numbers_of_each_cell() -> None:
    cell = CellState(CellKey("dev", "tiny-mono-alt"), "Tiny-Mono-Alt", "train", progress=0.5, mfu=0.25, restarts=2)
    state = ClusterState([cell], {"node-1": "preflight"}, stalled_queue_seconds=7, store=(1, 4))
    registry = CollectorRegistry()
    registry.register(CellCollector(lambda: state))
    lines = [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]
    assert lines == [
        'mixcpt_cell_stage{cell="Tiny-Mono-Alt",stack="dev",stage="train"} 1.0',
        'mixcpt_cell_progress_ratio{cell="Tiny-Mono-Alt",stack="dev"} 0.5',
        'mixcpt_cell_mfu_ratio{cell="Tiny-Mono-Alt",stack="dev"} 0.25',
        'mixcpt_cell_restarts{cell="Tiny-Mono-Alt",stack="dev"} 2.0',
        'mixcpt_cell_counted_restarts{cell="Tiny-Mono-Alt",stack="dev"} 0.0',
        'mixcpt_node_quarantined{node="node-1",reason="preflight"} 1.0',
        "mixcpt_queue_stalled_seconds 7.0",
        "mixcpt_store_available_bytes 1.0",
        "mixcpt_store_size_bytes 4.0",
    ]
