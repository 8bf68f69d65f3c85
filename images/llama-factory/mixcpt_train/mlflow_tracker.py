"""MLflow: a run on a tracking server, by the five requests of its REST API that a training needs.

The package mlflow-skinny would add some thirty packages to the image for them.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from mixcpt_train.tracker import Point

_REQUEST_SECONDS = 5.0
# The server's limits for one request.
_MAX_METRICS = 1000
_MAX_PARAMETERS = 100
_MAX_PARAMETER_LENGTH = 500
# Our assumption: this much of a response says what is wrong.
_MAX_MESSAGE_LENGTH = 500
# MLflow's own variables, of which the Secret may have some.
_TOKEN, _USER, _PASSWORD = "MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"


class MlflowTracker:
    """The server knows the run by its tag `run`, so that each attempt continues the same one."""

    def __init__(
        self,
        address: str,
        experiment: str,
        *,
        tags: Mapping[str, str],
        parameters: Mapping[str, Any],
        environment: Mapping[str, str],
    ) -> None:
        self._address = address.rstrip("/")
        self._experiment = experiment
        self._tags = tags
        self._parameters = parameters
        self._token, self._user, self._password = (
            _read_secret(environment, name) for name in (_TOKEN, _USER, _PASSWORD)
        )
        self._run_id = ""

    def open_run(self) -> dict[str, int]:
        if not (self._token.isascii() and self._token.isprintable()):
            # The client library's message would have the token in it.
            raise ValueError(f"{_TOKEN} in the Secret holds characters that no token has")
        experiment = self._find_experiment() or self._call("experiments/create", name=self._experiment)["experiment_id"]
        query = {"experiment_ids": [experiment], "filter": f"tags.run = '{self._tags['run']}'", "max_results": 1}
        run = (self._call("runs/search", **query).get("runs") or [self._create_run(experiment)])[0]
        self._run_id, data = run["info"]["run_id"], run.get("data", {})
        if run["info"]["status"] != "RUNNING":
            self._update_status("RUNNING")
        if not data.get("params"):
            self._log("params", _list_pairs(self._parameters), _MAX_PARAMETERS)
        return {metric["key"]: int(metric.get("step", 0)) for metric in data.get("metrics", [])}

    def send(self, points: list[Point]) -> None:
        now = _current_milliseconds()
        metrics = [{"key": point.name, "value": point.value, "timestamp": now, "step": point.step} for point in points]
        self._log("metrics", metrics, _MAX_METRICS)

    def finish(self, *, succeeded: bool) -> None:
        if self._run_id:
            self._update_status("FINISHED" if succeeded else "FAILED", end_time=_current_milliseconds())

    def _find_experiment(self) -> str | None:
        response = self._request("GET", "experiments/get-by-name", params={"experiment_name": self._experiment})
        if response.status_code == 404:
            return None
        return str(self._read_response(response)["experiment"]["experiment_id"])

    def _create_run(self, experiment: str) -> dict[str, Any]:
        body = self._call(
            "runs/create",
            experiment_id=experiment,
            run_name=self._tags["run"],
            start_time=_current_milliseconds(),
            tags=_list_pairs(self._tags),
        )
        return dict(body["run"])

    def _log(self, kind: str, items: list[dict[str, Any]], limit: int) -> None:
        for start in range(0, len(items), limit):
            self._call("runs/log-batch", run_id=self._run_id, **{kind: items[start : start + limit]})

    def _update_status(self, status: str, **more: int) -> None:
        self._call("runs/update", run_id=self._run_id, status=status, **more)

    def _call(self, endpoint: str, **body: Any) -> dict[str, Any]:
        return self._read_response(self._request("POST", endpoint, json=body))

    def _request(self, method: str, endpoint: str, **content: Any) -> Any:
        import httpx

        url = f"{self._address}/api/2.0/mlflow/{endpoint}"
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        login = (self._user, self._password) if self._user and not self._token else None
        return httpx.request(method, url, headers=headers, auth=login, timeout=_REQUEST_SECONDS, **content)

    def _read_response(self, response: Any) -> dict[str, Any]:
        """Raises ValueError with the server's own words when it refuses the request or is no MLflow."""
        if response.status_code >= 300:
            raise ValueError(f"the server answered {response.status_code}: {self._shorten_text(response.text)}")
        try:
            return dict(response.json())
        except ValueError:
            text = self._shorten_text(response.text)
            raise ValueError(f"the server answered without JSON, as log-in pages and proxies do: {text}") from None

    def _shorten_text(self, text: str) -> str:
        """Returns the start of a response without the login, which some servers' error pages repeat."""
        for secret in filter(None, (self._token, self._password)):
            text = text.replace(secret, "***")
        return text[:_MAX_MESSAGE_LENGTH]


def _read_secret(environment: Mapping[str, str], name: str) -> str:
    """Returns a value without the line break that a Secret made from a file ends in."""
    return environment.get(name, "").strip()


def _list_pairs(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns a mapping as MLflow's pairs of text."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return [{"key": key, "value": value[:_MAX_PARAMETER_LENGTH]} for key, value in texts.items()]


def _current_milliseconds() -> int:
    return round(time.time() * 1000)
