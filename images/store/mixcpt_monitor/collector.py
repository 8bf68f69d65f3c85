"""The metrics, as prometheus_client collects them at each scrape."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from mixcpt_monitor.cells import CellState


@dataclass(frozen=True)
class ClusterState:
    """`quarantined` has the reason by the node, `store` the bytes that are free and in all; None if unknown."""

    cells: list[CellState]
    quarantined: dict[str, str]
    stalled_queue_seconds: float = 0
    store: tuple[int, int] | None = None
    certificate_end: float | None = None


_CELL_METRICS: dict[str, tuple[str, Callable[[CellState], float | None]]] = {
    "mixcpt_cell_progress_ratio": ("Share of the training that is done", lambda cell: cell.progress),
    "mixcpt_cell_eta_seconds": ("Estimated time to the end of the training", lambda cell: cell.eta_seconds),
    "mixcpt_cell_tokens_per_second": ("Tokens that the training takes per second", lambda cell: cell.tokens_per_second),
    "mixcpt_cell_mfu_ratio": ("Model FLOPs utilization: share of the peak that counts", lambda cell: cell.mfu),
    "mixcpt_cell_goodput_ratio": (
        "Share of the time since the first attempt that the steps needed which count",
        lambda cell: cell.goodput,
    ),
    "mixcpt_cell_loss": ("Last loss of the training", lambda cell: cell.loss),
    "mixcpt_cell_last_report_timestamp_seconds": (
        "When the training last took a step, or was placed if that is later",
        lambda cell: cell.last_report,
    ),
    "mixcpt_cell_queue_seconds": ("Time that the pods of this step wait or waited", lambda cell: cell.queue_seconds),
    "mixcpt_cell_restarts": ("Restarts of this step, disruptions included", lambda cell: cell.restarts),
    "mixcpt_cell_counted_restarts": ("Restarts of this step after crashes", lambda cell: cell.counted_restarts),
    "mixcpt_cell_max_restarts": ("Crashes after which the step fails", lambda cell: cell.max_restarts),
}


class CellCollector(Collector):
    def __init__(self, read_state: Callable[[], ClusterState]) -> None:
        self._read_state = read_state

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = self._read_state()
        yield from _build_cell_families(state.cells)
        yield _build_family(
            "mixcpt_node_quarantined",
            "1 for a node that gets no new work until it is released",
            ("node", "reason"),
            [((node, reason), 1.0) for node, reason in state.quarantined.items()],
        )
        numbers = {
            "mixcpt_queue_stalled_seconds": ("Time that pods wait while none is admitted", state.stalled_queue_seconds),
            "mixcpt_store_available_bytes": ("Free space of the store", state.store and state.store[0]),
            "mixcpt_store_size_bytes": ("Size of the store", state.store and state.store[1]),
            "mixcpt_api_server_certificate_end_timestamp_seconds": (
                "When the certificate of the API server ends",
                state.certificate_end,
            ),
        }
        for name, (help_text, value) in numbers.items():
            yield _build_family(name, help_text, (), [] if value is None else [((), float(value))])


def _build_cell_families(cells: list[CellState]) -> Iterator[GaugeMetricFamily]:
    stages = [((cell.key.stack, cell.name, cell.stage), 1.0) for cell in cells]
    yield _build_family("mixcpt_cell_stage", "1 for the stage that a cell is in", ("stack", "cell", "stage"), stages)
    for name, (help_text, get_value) in _CELL_METRICS.items():
        samples = [((cell.key.stack, cell.name), get_value(cell)) for cell in cells]
        known = [(labels, value) for labels, value in samples if value is not None]
        yield _build_family(name, help_text, ("stack", "cell"), known)


def _build_family(
    name: str, help_text: str, labels: tuple[str, ...], samples: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_text, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family
