"""The client library of the Hugging Face hub, with its failures as one-line messages."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from mixcpt_store.errors import InputError, RetryableError

# Request timeout and too many requests: a later attempt may succeed. All other statuses from 400 to 499 are refusals.
_RETRYABLE_STATUSES = (408, 429)


@lru_cache(maxsize=1)
def load_hub_client() -> Any:
    """Imports `huggingface_hub` with access to the hub switched on.

    The image sets HF_HUB_OFFLINE for all verbs; only a spec that names a repository may use the network.
    """
    os.environ["HF_HUB_OFFLINE"] = "0"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    # Seconds without data before a request is repeated.
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "60")
    import huggingface_hub.constants
    import huggingface_hub.errors
    import huggingface_hub.utils

    return huggingface_hub


def load_transport_error() -> type[Exception]:
    """Returns the exception of the HTTP library for broken and silent connections."""
    import httpx

    return httpx.TransportError


@contextmanager
def translate_hub_errors(kind: str, name: str, revision: str) -> Iterator[None]:
    """Turns exceptions of the client library into one line for the user.

    Raises InputError when the hub refuses the request, which is final, and RetryableError when it does not respond.
    `kind`, `name` and `revision` are those of the repository.
    """
    errors = load_hub_client().errors
    refusals: list[tuple[type[Exception], Callable[[], str]]] = [
        (errors.GatedRepoError, lambda: _explain_gate(name)),
        (
            errors.RepositoryNotFoundError,
            lambda: f"{name}: the hub has no such {kind}, or it is private and the token gives no access",
        ),
        (errors.RevisionNotFoundError, lambda: f"{name}: the repository has no revision {revision}"),
        (errors.RemoteEntryNotFoundError, lambda: f"{name}@{revision[:7]}: a file is missing from the repository"),
    ]
    try:
        yield
    except tuple(error_type for error_type, _ in refusals) as error:
        raise InputError(
            next(explain() for error_type, explain in refusals if isinstance(error, error_type))
        ) from error
    except (load_transport_error(), errors.HfHubHTTPError, errors.LocalEntryNotFoundError) as error:
        raise _build_request_error(name, error) from error


def _build_request_error(name: str, error: Exception) -> InputError | RetryableError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    endpoint = load_hub_client().constants.ENDPOINT
    if _is_refusal(error):
        return InputError(f"{name}: the hub at {endpoint} refused the request: {reason}")
    return RetryableError(
        f"{name}: the hub at {endpoint} did not respond: {reason}; make it reachable from the pod or set "
        "HF_ENDPOINT to another hub, then run this again: complete files are not downloaded twice"
    )


def _is_refusal(error: Exception) -> bool:
    """Returns True when the HTTP status of the error, or of its cause, says that repeating is useless."""
    responses = [getattr(fault, "response", None) for fault in (error, error.__cause__)]
    statuses = [response.status_code for response in responses if response is not None]
    return any(400 <= status < 500 and status not in _RETRYABLE_STATUSES for status in statuses)


def _explain_gate(name: str) -> str:
    if os.environ.get("HF_TOKEN"):
        return f"{name}: the repository is gated, and the account of the token in HF_TOKEN has no access; request it"
    return f"{name}: the repository is gated; accept its terms on the hub and pass your token in HF_TOKEN"
