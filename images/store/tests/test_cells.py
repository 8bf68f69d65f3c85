from datetime import UTC, datetime
from typing import Any

import pytest

from mixcpt_monitor.cells import CellState, compute_cells, compute_stalled_queue_seconds
from mixcpt_monitor.main import keep_fields

NOW = 1_790_000_000.0


def _format_time(seconds_ago: float) -> str:
    return datetime.fromtimestamp(NOW - seconds_ago, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def build_object(name: str, step: str = "train", conditions: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    labels = {"mixcpt.io/stack": "dev", "mixcpt.io/cell": "tiny-mono-alt", "mixcpt.io/step": step}
    status = {"conditions": [{"type": each, "status": "True"} for each in conditions], **more.pop("status", {})}
    annotations = {"mixcpt.io/cell-id": "Tiny-Mono-Alt"}
    return {"metadata": {"name": name, "labels": labels, "annotations": annotations}, "status": status, **more}


def build_pod(phase: str, step: str = "train", job: str = "node", age: float = 100, placed: float | None = None) -> Any:
    pod = build_object("pod", step, status={"phase": phase})
    pod["metadata"]["creationTimestamp"] = _format_time(age)
    pod["metadata"]["labels"]["jobset.sigs.k8s.io/replicatedjob-name"] = job
    pod["metadata"]["labels"]["jobset.sigs.k8s.io/jobset-name"] = "t1" if step == "train" else "e1"
    if placed is not None:
        condition = {"type": "PodScheduled", "status": "True", "lastTransitionTime": _format_time(placed)}
        pod["status"]["conditions"] = [condition]
    if phase == "Gated":
        pod["status"]["phase"], pod["spec"] = "Pending", {"schedulingGates": [{"name": "kueue.x-k8s.io/admission"}]}
    return pod


def compute_cell(train: list[Any], job_sets: list[Any], pods: list[Any]) -> CellState:
    [cell] = compute_cells(train, job_sets, pods, NOW)
    return cell


def test_a_cell_goes_through_the_stages_of_watch() -> None:
    training, job_set, evaluation = build_object("t1"), build_object("t1"), build_object("e1", "evaluate")
    trained = build_object("t1", conditions=("Complete",))
    sets = [job_set, evaluation]
    assert compute_cell([training], sets, []).stage == "waiting for data"
    assert compute_cell([training], sets, [build_pod("Running", job="await-corpus")]).stage == "waiting for data"
    assert compute_cell([training], sets, [build_pod("Gated")]).stage == "queued"
    assert compute_cell([training], sets, [build_pod("Pending")]).stage == "starting"
    assert compute_cell([training], sets, [build_pod("Running")]).stage == "train"
    assert compute_cell([trained], sets, [build_pod("Running", "evaluate", "sib200")]).stage == "evaluate"
    assert compute_cell([trained], [job_set, build_object("e1", "evaluate", ("Completed",))], []).stage == "done"
    assert compute_cell([build_object("t1", conditions=("Failed",))], sets, []).stage == "failed"


def test_a_base_model_has_only_an_evaluation() -> None:
    assert compute_cell([], [build_object("e1", "evaluate", ("Completed",))], []).stage == "done"


def test_the_numbers_are_those_of_the_status_while_the_cell_trains() -> None:
    status = {
        "progressPercentage": 40,
        "estimatedRemainingSeconds": 90,
        "metrics": [{"name": "tokens_per_second", "value": "1234.5"}, {"name": "loss", "value": "odd"}],
        "lastUpdatedTime": _format_time(5),
    }
    training = build_object("t1", status={"trainerStatus": status})
    job_set = build_object("t1", status={"restarts": 4, "restartsCountTowardsMax": 1})
    job_set["spec"] = {"failurePolicy": {"maxRestarts": 10}}
    cell = compute_cell([training], [job_set], [build_pod("Running", age=100, placed=40)])
    assert (cell.name, cell.progress, cell.eta_seconds, cell.tokens_per_second) == ("Tiny-Mono-Alt", 0.4, 90, 1234.5)
    assert (cell.loss, cell.last_report, cell.queue_seconds) == (None, NOW - 5, 60)
    assert (cell.restarts, cell.counted_restarts, cell.max_restarts) == (4, 1, 10)


def test_a_queue_is_stalled_since_its_last_admission_or_its_oldest_pod() -> None:
    assert compute_stalled_queue_seconds([build_pod("Running", placed=900)], NOW) == 0
    assert compute_stalled_queue_seconds([build_pod("Gated", age=500)], NOW) == 500
    assert compute_stalled_queue_seconds([build_pod("Gated", age=500), build_pod("Running", placed=30)], NOW) == 30


def test_a_training_that_resumes_has_not_hung_while_it_was_in_the_queue() -> None:
    training = build_object("t1", status={"trainerStatus": {"lastUpdatedTime": _format_time(7200)}})
    sets = [build_object("t1")]
    assert compute_cell([training], sets, [build_pod("Running", placed=60)]).last_report == NOW - 60
    assert compute_cell([training], sets, [build_pod("Running")]).last_report == NOW - 7200


def test_a_training_that_never_reported_counts_from_its_placement_if_it_can_report() -> None:
    training, sets = build_object("t1"), [build_object("t1")]
    silent, reporting = build_pod("Running", placed=7200), build_pod("Running", placed=7200)
    silent["spec"] = {"containers": [{"name": "node"}, {"name": "b", "env": [{"name": "HOME", "value": "/"}]}]}
    reporting["spec"] = {"containers": [{"name": "node", "env": [{"name": "KUBEFLOW_TRAINER_SERVER_URL"}]}]}
    assert compute_cell([training], sets, [keep_fields(silent)]).last_report is None
    assert compute_cell([training], sets, [keep_fields(reporting)]).last_report == NOW - 7200
    assert (
        compute_cell([training], sets, [keep_fields({**reporting, "status": {"phase": "Pending"}})]).last_report is None
    )


def _compute_mfu(annotation: str | None, **status: Any) -> float | None:
    metrics = {"trainerStatus": {"metrics": [{"name": "tokens_per_second", "value": "12000"}]}, **status}
    training = build_object("t1", status=metrics)
    if annotation is not None:
        training["metadata"]["annotations"]["mixcpt.io/model-flops"] = annotation
    return compute_cell([training], [build_object("t1")], [build_pod("Running")]).mfu


def test_the_utilization_is_the_share_of_the_peak_of_all_devices() -> None:
    # A 7B model on four nodes of eight devices of 191.5 TFLOPS: 12,000 tokens of 44 GFLOPs per second.
    annotation = '{"perToken":44000000000,"devices":32,"peakPerDevice":191500000000000}'
    assert _compute_mfu(annotation) == pytest.approx(12_000 * 44e9 / (32 * 191.5e12))


@pytest.mark.parametrize(
    "annotation", [None, "", "[]", "{}", '{"perToken":1,"devices":0,"peakPerDevice":1}', '"x"', "[" * 99_999]
)
def test_an_unknown_utilization_is_missing(annotation: str | None) -> None:
    assert _compute_mfu(annotation) is None


def test_a_training_that_computes_nothing_now_has_no_utilization() -> None:
    annotation = '{"perToken":1,"devices":1,"peakPerDevice":1}'
    assert _compute_mfu(annotation) == 12_000
    assert _compute_mfu(annotation, conditions=[{"type": "Failed", "status": "True"}]) is None
