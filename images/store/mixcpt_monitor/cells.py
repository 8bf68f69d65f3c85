"""The state of every cell, from the TrainJobs, JobSets and pods of a namespace."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from mixcpt_monitor.cluster_watch import KubernetesObject

_STACK_LABEL = "mixcpt.io/stack"
_CELL_LABEL = "mixcpt.io/cell"
_STEP_LABEL = "mixcpt.io/step"
_REPLICATED_JOB_LABEL = "jobset.sigs.k8s.io/replicatedjob-name"
_JOB_SET_LABEL = "jobset.sigs.k8s.io/jobset-name"
_CELL_ID_ANNOTATION = "mixcpt.io/cell-id"
_MODEL_FLOPS_ANNOTATION = "mixcpt.io/model-flops"
_QUEUE_GATE = "kueue.x-k8s.io/"
# Kubeflow Trainer sets it in pods whose training it lets report its progress.
_STATUS_VARIABLE = "KUBEFLOW_TRAINER_SERVER_URL"
# The field of a pod's spec in which the monitor keeps that it has the variable.
REPORTS_FIELD = "reportsProgress"
# Pods of these replicated jobs only wait for files, or publish.
_SIDE_JOBS = ("await", "publish")


@dataclass(frozen=True)
class CellKey:
    stack: str
    cell: str


@dataclass(frozen=True)
class CellState:
    """A cell, or a base model. Numbers are None where they are unknown.

    `stage` is one of those of `./mixcpt watch`; `name` is the cell's name in the paper.
    """

    key: CellKey
    name: str
    stage: str
    progress: float | None = None
    eta_seconds: float | None = None
    tokens_per_second: float | None = None
    mfu: float | None = None
    goodput: float | None = None
    loss: float | None = None
    last_report: float | None = None
    queue_seconds: float | None = None
    restarts: int = 0
    counted_restarts: int = 0
    max_restarts: int | None = None


@dataclass
class _CellObjects:
    train_job: KubernetesObject | None = None
    job_sets: list[KubernetesObject] = field(default_factory=list)
    pods: list[KubernetesObject] = field(default_factory=list)


def compute_cells(
    train_jobs: Iterable[KubernetesObject],
    job_sets: Iterable[KubernetesObject],
    pods: Iterable[KubernetesObject],
    now: float,
) -> list[CellState]:
    cells: dict[CellKey, _CellObjects] = defaultdict(_CellObjects)
    for train_job in train_jobs:
        if key := _read_key(train_job):
            cells[key].train_job = train_job
    for job_set in job_sets:
        if key := _read_key(job_set):
            cells[key].job_sets.append(job_set)
    for pod in pods:
        if key := _read_key(pod):
            cells[key].pods.append(pod)
    return [_compute_cell(key, objects, now) for key, objects in cells.items() if objects.train_job or objects.job_sets]


def _compute_cell(key: CellKey, objects: _CellObjects, now: float) -> CellState:
    train_job = objects.train_job
    evaluations = [job_set for job_set in objects.job_sets if _get_label(job_set, _STEP_LABEL) == "evaluate"]
    owner = train_job or evaluations[0] if train_job or evaluations else objects.job_sets[0]
    status = (train_job or {}).get("status", {}).get("trainerStatus", {})
    metrics = {each["name"]: _parse_number(each["value"]) for each in status.get("metrics", [])}
    trained = train_job is None or _has_condition(train_job, "Complete")
    step = "evaluate" if trained else "train"
    open_sets = {_get_name(each) for each in objects.job_sets if not _has_condition(each, "Completed", "Failed")}
    work = [pod for pod in objects.pods if _is_work(pod, step) and _get_label(pod, _JOB_SET_LABEL) in open_sets]
    stage = _compute_stage(train_job, evaluations, work, step)
    step_sets = [each for each in objects.job_sets if _get_label(each, _STEP_LABEL) == step]
    restarts = [each.get("status", {}) for each in step_sets]
    progress = status.get("progressPercentage")
    tokens_per_second = metrics.get("tokens_per_second") if stage == "train" else None
    return CellState(
        key,
        name=owner["metadata"].get("annotations", {}).get(_CELL_ID_ANNOTATION, key.cell),
        stage=stage,
        progress=None if progress is None else progress / 100,
        eta_seconds=status.get("estimatedRemainingSeconds") if stage == "train" else None,
        tokens_per_second=tokens_per_second,
        mfu=compute_mfu(train_job or {}, tokens_per_second),
        goodput=metrics.get("goodput"),
        loss=metrics.get("loss"),
        last_report=_find_last_report(status, work) if stage == "train" else None,
        queue_seconds=compute_queue_seconds(work, now),
        restarts=sum(each.get("restarts", 0) for each in restarts),
        counted_restarts=max((each.get("restartsCountTowardsMax", 0) for each in restarts), default=0),
        max_restarts=min((limit for each in step_sets if (limit := _get_max_restarts(each)) is not None), default=None),
    )


def compute_mfu(train_job: KubernetesObject, tokens_per_second: float | None) -> float | None:
    """Returns the model FLOPs utilization, as PaLM defines it (Chowdhery et al. 2022, arXiv 2204.02311, appendix B).

    That is tokens per second x FLOPs per token / (devices x peak). None for a training on emulated GPUs, or of before
    TrainJobs had the annotation (`describeModelFlops` in jobs/train/modelFlops.ts).
    """
    annotation = train_job.get("metadata", {}).get("annotations", {}).get(_MODEL_FLOPS_ANNOTATION)
    if annotation is None or tokens_per_second is None:
        return None
    try:
        flops = json.loads(annotation)
        return float(tokens_per_second * flops["perToken"] / (flops["devices"] * flops["peakPerDevice"]))
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError):  # a person may have changed it
        return None


def _find_last_report(status: KubernetesObject, work: list[KubernetesObject]) -> float | None:
    """Returns when the training last reported, or when its pods were placed if that is later.

    One that resumes after hours in the queue has not taken a step for hours, but does not hang. One that has never
    reported counts from its placement if it can report: with another Kubeflow Trainer no training does.
    """
    reported = parse_time(status.get("lastUpdatedTime"))
    placed = [time for pod in work if (time := find_placement_time(pod)) is not None]
    if reported is None and not any(pod.get("spec", {}).get(REPORTS_FIELD) for pod in work):
        return None
    return max([*placed, *([] if reported is None else [reported])], default=None)


def has_status_variable(pod: KubernetesObject) -> bool:
    """Returns True if the training in a pod can report its progress."""
    containers = pod.get("spec", {}).get("containers", [])
    return any(variable["name"] == _STATUS_VARIABLE for each in containers for variable in each.get("env", []))


def _compute_stage(
    train_job: KubernetesObject | None,
    evaluations: list[KubernetesObject],
    work: list[KubernetesObject],
    step: str,
) -> str:
    if any(_has_condition(each, "Failed") for each in [*evaluations, *([train_job] if train_job else [])]):
        return "failed"
    if step == "evaluate" and evaluations and all(_has_condition(each, "Completed") for each in evaluations):
        return "done"
    phases = {pod.get("status", {}).get("phase") for pod in work}
    if any(is_queued(pod) for pod in work):
        return "queued"
    if "Running" in phases:
        return step
    return "starting" if "Pending" in phases else "waiting for data"


def compute_queue_seconds(pods: Iterable[KubernetesObject], now: float) -> float | None:
    """Returns the longest time that one of the pods waits, or has waited, for Kueue and a node."""
    waits = []
    for pod in pods:
        created = parse_time(pod["metadata"].get("creationTimestamp"))
        if created is not None:
            waits.append((find_placement_time(pod) or now) - created)
    return max(waits, default=None)


def find_placement_time(pod: KubernetesObject) -> float | None:
    """Returns when the scheduler has bound the pod, which it does once Kueue has admitted it."""
    for condition in pod.get("status", {}).get("conditions", []):
        if condition["type"] == "PodScheduled" and condition["status"] == "True":
            return parse_time(condition.get("lastTransitionTime"))
    return None


def compute_stalled_queue_seconds(pods: Iterable[KubernetesObject], now: float) -> float:
    """Returns for how long pods wait while Kueue admits none; 0 while none waits."""
    pods = list(pods)
    waiting = [parse_time(pod["metadata"].get("creationTimestamp")) for pod in pods if is_queued(pod)]
    oldest = min((time for time in waiting if time is not None), default=None)
    if oldest is None:
        return 0
    placed = [time for pod in pods if (time := find_placement_time(pod)) is not None]
    return max(0.0, now - max([oldest, *placed]))


def is_queued(pod: KubernetesObject) -> bool:
    gates = pod.get("spec", {}).get("schedulingGates", [])
    return any(gate["name"].startswith(_QUEUE_GATE) for gate in gates)


def parse_time(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()


def _is_work(pod: KubernetesObject, step: str) -> bool:
    job = _get_label(pod, _REPLICATED_JOB_LABEL) or ""
    return _get_label(pod, _STEP_LABEL) == step and not job.startswith(_SIDE_JOBS)


def _read_key(item: KubernetesObject) -> CellKey | None:
    stack, cell = _get_label(item, _STACK_LABEL), _get_label(item, _CELL_LABEL)
    return CellKey(stack, cell) if stack and cell else None


def _get_name(item: KubernetesObject) -> str:
    return str(item["metadata"]["name"])


def _get_label(item: KubernetesObject, label: str) -> str | None:
    value = item["metadata"].get("labels", {}).get(label)
    return None if value is None else str(value)


def _get_max_restarts(job_set: KubernetesObject) -> int | None:
    limit = job_set.get("spec", {}).get("failurePolicy", {}).get("maxRestarts")
    return limit if isinstance(limit, int) else None


def _has_condition(item: KubernetesObject, *types: str) -> bool:
    conditions = item.get("status", {}).get("conditions", [])
    return any(each["type"] in types and each["status"] == "True" for each in conditions)


def _parse_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
