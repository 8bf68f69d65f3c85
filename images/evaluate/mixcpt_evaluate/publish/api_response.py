"""The answer of an API server, and the message for an answer that is not the wanted one."""

import json
import re
from dataclasses import dataclass
from typing import Any

from mixcpt_store.errors import InputError, RetryableError

# The object or its namespace is wrong, or the object is too large. Any other status may pass: a token is renewed, a
# server restarts.
_PERMANENT_STATUSES = (400, 403, 404, 413, 422)
_MAX_EXCERPT_LENGTH = 300
_ROLE_ADVICE = (
    "the pod's service account (publish) needs a Role that allows get, create, patch and update of configmaps in the "
    "namespace {namespace}; the cluster's stack makes both"
)
_TOKEN_ADVICE = "the token of the pod's service account (publish) is not accepted; a renewed token is read again"


@dataclass(frozen=True)
class ApiResponse:
    """`delay` is the header Retry-After."""

    status: int
    text: str
    delay: str | None = None

    @property
    def retry_after(self) -> float | None:
        """Seconds; None where the server names no number of seconds."""
        return float(self.delay) if self.delay and self.delay.isascii() and self.delay.isdigit() else None

    @property
    def object(self) -> dict[str, Any] | None:
        """The JSON object; None for any other text."""
        try:
            value = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None


def build_rejection(response: ApiResponse, path: str, namespace: str) -> InputError | RetryableError:
    """Returns the error for a status that is not a success."""
    advice = {401: _TOKEN_ADVICE, 403: _ROLE_ADVICE.format(namespace=namespace)}.get(response.status)
    message = f"{path}: the API server returned status {response.status}: {_describe_content(response)}"
    kind = InputError if response.status in _PERMANENT_STATUSES else RetryableError
    return kind(f"{message}; {advice}" if advice else message)


def check_success(response: ApiResponse, address: str) -> None:
    """Raises RetryableError when a success is not the answer of a Kubernetes API server: a proxy answers in HTML."""
    if response.object is None:
        raise RetryableError(
            f"{address}: returned status {response.status} with {_describe_content(response)}, which is not JSON of a "
            "Kubernetes API server; a proxy may answer in its place"
        )


def _describe_content(response: ApiResponse) -> str:
    value = response.object
    if value is not None and isinstance(value.get("message"), str):
        return _shorten(value["message"])
    if not response.text.strip():
        return "an empty answer"
    if response.text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<head", "<?xml")):
        title = re.search(r"<title[^>]*>(.*?)</title>", response.text, re.IGNORECASE | re.DOTALL)
        return f"an HTML page ({_shorten(title[1]) if title else 'without a title'})"
    return _shorten(response.text)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_EXCERPT_LENGTH else f"{text[:_MAX_EXCERPT_LENGTH]} […]"
