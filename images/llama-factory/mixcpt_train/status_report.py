"""Reports a training's progress to Kubeflow Trainer, which writes it into the status of the TrainJob.

The controller sets the variables below if its feature gate TrainJobStatus is on. Nothing here can stop a training.
"""

import json
import ssl
import time
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from mixcpt_train.trainer_log import LogEntry

VARIABLE_PREFIX = "KUBEFLOW_TRAINER_SERVER_"
_REPORT_SECONDS = 30.0
_POST_SECONDS = 10.0

Send = Callable[[dict[str, Any]], None]


class StatusReport:
    """Sends the state of a training at most every 30 seconds, and at its end; without `send` it does nothing.

    `tokens_per_step` is None if it is unknown. `started` is when the first attempt began, on `clock`: goodput is the
    share of the time since then that the steps needed which the run has.
    """

    def __init__(
        self,
        send: Send | None,
        *,
        tokens_per_step: int | None = None,
        started: float | None = None,
        last_step: int | None = None,
        clock: Callable[[], float] = time.time,
        report: Callable[[str], None] = print,
    ) -> None:
        self._send = send
        self._tokens_per_step = tokens_per_step
        self._started = started
        self._last_step = last_step
        self._clock = clock
        self._report = report
        self._first: tuple[float, int] | None = None
        self._previous: tuple[float, int] | None = None
        self._thread: Thread | None = None
        self._failed = False

    def add(self, entries: list[LogEntry]) -> None:
        """Takes the new lines of the log, and sends the state if it is time. Never raises: a training would end."""
        try:
            self._add(entries)
        except Exception as error:
            self._report_failure(error)

    def _add(self, entries: list[LogEntry]) -> None:
        if not entries or self._send is None:
            return
        now, entry = self._clock(), entries[-1]
        self._first = self._first or (now, entry.step)
        previous = self._previous or self._first
        total = self._last_step or entry.total
        if self._previous and now < self._previous[0] + _REPORT_SECONDS and entry.step < total:
            return
        if self._thread and self._thread.is_alive():
            return
        losses = [each.loss for each in entries if each.loss is not None]
        status = self._build_status(entry.step, total, now, previous, losses[-1] if losses else None)
        self._previous = (now, entry.step)
        self._thread = Thread(target=self._try_to_send, args=(self._send, status), daemon=True)
        self._thread.start()

    def _build_status(
        self, step: int, total: int, now: float, previous: tuple[float, int], loss: float | None
    ) -> dict[str, Any]:
        seconds_per_step = _divide(now - previous[0], step - previous[1])
        metrics = {"step": float(step), "loss": loss}
        if seconds_per_step and self._tokens_per_step:
            metrics["tokens_per_second"] = self._tokens_per_step / seconds_per_step
        if seconds_per_step and self._started is not None and now > self._started:
            metrics["goodput"] = min(1.0, step * seconds_per_step / (now - self._started))
        remaining = (
            {} if seconds_per_step is None else {"estimatedRemainingSeconds": int(seconds_per_step * (total - step))}
        )
        return {
            "progressPercentage": min(100, 100 * step // total),
            **remaining,
            "metrics": [
                {"name": name, "value": f"{value:.6g}"} for name, value in metrics.items() if value is not None
            ],
            "lastUpdatedTime": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def _try_to_send(self, send: Send, status: dict[str, Any]) -> None:
        try:
            send({"trainerStatus": status})
        except Exception as error:
            self._report_failure(error)
        else:
            self._failed = False

    def _report_failure(self, error: Exception) -> None:
        if not self._failed:
            self._report(f"the status of the TrainJob cannot be updated ({error}); training goes on")
        self._failed = True


def _divide(seconds: float, steps: int) -> float | None:
    return seconds / steps if seconds > 0 and steps > 0 else None


def build_sender(environment: Mapping[str, str]) -> Send | None:
    """Builds the function that posts a status; None where Kubeflow Trainer takes none, and on all nodes but the first.

    Token and certificate are read again each time, because both are renewed.
    """
    address = environment.get(VARIABLE_PREFIX + "URL")
    authority = environment.get(VARIABLE_PREFIX + "CA_CERT")
    token_file = environment.get(VARIABLE_PREFIX + "TOKEN")
    if not (address and authority and token_file) or environment.get("PET_NODE_RANK", "0") != "0":
        return None

    def send(body: dict[str, Any]) -> None:
        token = Path(token_file).read_text(encoding="ascii").strip()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")
        context = ssl.create_default_context(cafile=authority) if address.startswith("https:") else None
        urllib.request.urlopen(request, timeout=_POST_SECONDS, context=context).close()

    return send


def count_tokens_per_step(recipe: Mapping[str, Any], world_size: int | None) -> int | None:
    """Returns the tokens of a step of packed sequences; None if the recipe or the number of processes is unknown."""
    keys = ("cutoff_len", "per_device_train_batch_size", "gradient_accumulation_steps")
    length, batch, accumulation = (recipe.get(key) for key in keys)
    if not (world_size and isinstance(length, int) and isinstance(batch, int)):
        return None
    return length * batch * world_size * (accumulation if isinstance(accumulation, int) else 1)


def read_first_start(attempts: list[Any]) -> float | None:
    """Returns when the first of a run's recorded attempts began, in seconds since 1970."""
    try:
        return datetime.fromisoformat(attempts[0]["started"]).timestamp()
    except (LookupError, TypeError, ValueError):
        return None
