"""The command mixcpt-monitor: serves metrics of the cells of its namespace, and sends events to a webhook."""

import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit

from prometheus_client import start_http_server
from prometheus_client.registry import CollectorRegistry

from mixcpt_evaluate.publish.api_server import ApiServer, find_cluster_api_server
from mixcpt_monitor.cells import REPORTS_FIELD, compute_cells, compute_stalled_queue_seconds, has_status_variable
from mixcpt_monitor.cluster_watch import ClusterWatch, KubernetesObject
from mixcpt_monitor.collector import CellCollector, ClusterState
from mixcpt_monitor.webhook import EventFinder, Webhook
from mixcpt_store.command import exit_on_signal
from mixcpt_store.errors import InputError, RetryableError

_PROJECT_SELECTOR = "app.kubernetes.io/part-of=mixcpt"
_QUARANTINE_TAINT = "mixcpt.io/quarantine"
_KEPT_METADATA = ("name", "labels", "annotations", "creationTimestamp")
_KEPT_SPEC_FIELDS = ("schedulingGates", "failurePolicy", "taints")
_KEPT_STATUS_FIELDS = ("conditions", "phase", "trainerStatus", "restarts", "restartsCountTowardsMax")
_CHECK_SECONDS = 15.0
_SLOW_CHECK_SECONDS = 60.0

Measured = TypeVar("Measured")


def main() -> None:
    # Otherwise it would send events for half a minute after the pod that replaces it has begun to.
    signal.signal(signal.SIGTERM, exit_on_signal)
    try:
        run_monitor(os.environ)
    except (InputError, RetryableError) as error:
        sys.exit(f"mixcpt-monitor: {error}")


def run_monitor(environment: Mapping[str, str]) -> None:
    """Runs for ever."""
    server = find_cluster_api_server()
    monitor = Monitor(server, environment["MIXCPT_NAMESPACE"], Path(environment.get("MIXCPT_STORE", "/store")))
    monitor.start()
    registry = CollectorRegistry()
    registry.register(CellCollector(monitor.read_state))
    start_http_server(int(environment.get("MIXCPT_PORT", "9464")), registry=registry)
    address = environment.get("MIXCPT_WEBHOOK_URL", "")
    webhook = Webhook(address) if address else None
    if webhook:
        Thread(target=webhook.send_forever, daemon=True).start()
    finder = EventFinder()
    while True:
        for event in finder.find_events(monitor.read_state().cells, time.time()):
            print(event.build_body()["text"], flush=True)
            if webhook:
                webhook.add(event)
        time.sleep(_CHECK_SECONDS)


class Monitor:
    """The state of a namespace, its store and its API server."""

    def __init__(self, server: ApiServer, namespace: str, store: Path) -> None:
        self._server = server
        self._store = store
        self._space: tuple[int, int] | None = None
        self._certificate_end: float | None = None

        def watch(path: str, selector: str = _PROJECT_SELECTOR) -> ClusterWatch:
            return ClusterWatch(server, path, selector=selector, keep=keep_fields)

        self._train_jobs = watch(f"/apis/trainer.kubeflow.org/v1alpha1/namespaces/{namespace}/trainjobs")
        self._job_sets = watch(f"/apis/jobset.x-k8s.io/v1alpha2/namespaces/{namespace}/jobsets")
        self._pods = watch(f"/api/v1/namespaces/{namespace}/pods")
        self._nodes = watch("/api/v1/nodes", selector="")
        self._watches = (self._train_jobs, self._job_sets, self._pods, self._nodes)

    def start(self) -> None:
        """Returns once everything has been listed: before, a cell would seem to be gone."""
        for each in self._watches:
            Thread(target=each.follow, daemon=True).start()
        Thread(target=self._check_slowly, daemon=True).start()
        for each in self._watches:
            each.listed.wait()

    def read_state(self) -> ClusterState:
        now, pods = time.time(), self._pods.get_objects()
        return ClusterState(
            cells=compute_cells(self._train_jobs.get_objects(), self._job_sets.get_objects(), pods, now),
            quarantined=find_quarantined(self._nodes.get_objects()),
            stalled_queue_seconds=compute_stalled_queue_seconds(pods, now),
            store=self._space,
            certificate_end=self._certificate_end,
        )

    def _check_slowly(self) -> None:
        """A store whose server is gone blocks whoever asks: only this thread does."""
        while True:
            self._certificate_end = _try(lambda: read_certificate_end(self._server))
            self._space = _try(lambda: measure_space(self._store))
            time.sleep(_SLOW_CHECK_SECONDS)


def _try(read: Callable[[], Measured]) -> Measured | None:
    try:
        return read()
    except (OSError, ValueError, LookupError) as error:
        print(f"not measured: {error}", flush=True)
        return None


def measure_space(store: Path) -> tuple[int, int]:
    space = os.statvfs(store)
    return space.f_bavail * space.f_frsize, space.f_blocks * space.f_frsize


def read_certificate_end(server: ApiServer) -> float | None:
    """Returns the end of the API server's certificate in seconds since 1970; None for plain HTTP."""
    if server.context is None:
        return None
    address = urlsplit(server.address)
    with (
        socket.create_connection((address.hostname or "", address.port or 443), timeout=10) as plain,
        server.context.wrap_socket(plain, server_hostname=address.hostname) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))


def find_quarantined(nodes: list[KubernetesObject]) -> dict[str, str]:
    """Returns the reason of each node in quarantine by its name."""
    return {
        node["metadata"]["name"]: taint.get("value", "")
        for node in nodes
        for taint in node.get("spec", {}).get("taints", [])
        if taint["key"] == _QUARANTINE_TAINT
    }


def keep_fields(item: KubernetesObject) -> KubernetesObject:
    """Selects what the metrics need: thousands of specs would take hundreds of megabytes."""

    def select(part: str, keys: tuple[str, ...]) -> KubernetesObject:
        return {key: value for key, value in item.get(part, {}).items() if key in keys}

    return {
        "metadata": select("metadata", _KEPT_METADATA),
        "spec": {**select("spec", _KEPT_SPEC_FIELDS), **({REPORTS_FIELD: True} if has_status_variable(item) else {})},
        "status": select("status", _KEPT_STATUS_FIELDS),
    }
