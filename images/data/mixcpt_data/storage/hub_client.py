"""The client library of the Hugging Face hub, with its failures as one-line messages."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from mixcpt_data.storage.hub_response import describe_html, is_html, parse_retry_after
from mixcpt_store.errors import InputError, RetryableError

# Request timeout and too many requests: a later attempt may succeed. All other statuses from 400 to 499 are refusals.
RETRYABLE_STATUSES = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


@lru_cache(maxsize=1)
def load_hub_client() -> Any:
    """Imports `huggingface_hub` with access to the hub switched on.

    The image sets HF_HUB_OFFLINE for all verbs; only a spec that names a repository may use the network.
    """
    os.environ["HF_HUB_OFFLINE"] = "0"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    # For its telemetry the library would ask the hub without the token.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # Seconds without data before a request is repeated.
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "60")
    import huggingface_hub.constants
    import huggingface_hub.errors
    import huggingface_hub.utils

    return huggingface_hub


class HubUnavailableError(RetryableError):
    """The hub did not respond, or asked to come back later.

    `wait` is the number of seconds that it asked for, None without such a request. `unreachable` is True when there
    was no connection at all.
    """

    def __init__(self, message: str, *, wait: float | None = None, unreachable: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.unreachable = unreachable


@contextmanager
def translate_hub_errors(kind: str, name: str, revision: str) -> Iterator[None]:
    """Turns exceptions of the client library into one line for the user.

    Raises InputError when the hub refuses the request, which is final, and HubUnavailableError when it does not
    respond. `kind`, `name` and `revision` are those of the repository.
    """
    import httpx

    errors = load_hub_client().errors
    refusals: list[tuple[type[Exception], Callable[[], str]]] = [
        (errors.GatedRepoError, lambda: _explain_gate(kind, name)),
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
    except (httpx.RequestError, httpx.InvalidURL, errors.HfHubHTTPError, errors.LocalEntryNotFoundError) as error:
        raise build_request_error(name, error) from error
    except errors.HFValidationError as error:
        raise InputError(f"{name}: not the name of a repository: {error}") from error
    except OSError as error:
        if error.errno is not None:
            raise
        # The library's own check of a downloaded file.
        raise build_request_error(name, error) from error


def build_request_error(name: str, error: Exception) -> InputError | HubUnavailableError:
    """Returns the error for a failed request to the repository `name`."""
    endpoint = load_hub_client().constants.ENDPOINT
    reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    response = _find_response(error)
    if response is not None and is_html(response):
        reason += f" ({describe_html(response)})"
    if _is_refusal(error, response):
        return InputError(f"{name}: the hub at {endpoint} refused the request: {reason}{_advise(response)}")
    return HubUnavailableError(
        f"{name}: the hub at {endpoint} did not respond: {reason}; make it reachable from the pod or set "
        "HF_ENDPOINT to another hub, then run this again: complete files are not downloaded twice",
        wait=None if response is None else parse_retry_after(response.headers),
        unreachable=response is None and _is_unreachable(error),
    )


def _find_response(error: Exception) -> Any:
    """Returns the response that the error, or its cause, is about; None when there was none."""
    responses = (getattr(fault, "response", None) for fault in (error, error.__cause__))
    return next((response for response in responses if response is not None), None)


def _is_refusal(error: Exception, response: Any) -> bool:
    """Returns True when repeating the request is useless."""
    import httpx

    errors = load_hub_client().errors
    final = (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.TooManyRedirects)
    if isinstance(error, (*final, httpx.DecodingError)) or isinstance(error.__cause__, errors.FileMetadataError):
        return True
    return response is not None and 400 <= response.status_code < 500 and response.status_code not in RETRYABLE_STATUSES


def _is_unreachable(error: Exception) -> bool:
    import httpx

    return any(isinstance(fault, httpx.ConnectError) for fault in (error, error.__cause__))


def _advise(response: Any) -> str:
    """Returns what to do about a refusal; empty when only the reason of the hub can tell."""
    status = None if response is None else response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        return "; the token in HF_TOKEN is not valid, pass another"
    if status == HTTPStatus.FORBIDDEN:
        return "; give the token in HF_TOKEN the right to read this repository"
    return "; check HF_ENDPOINT, HF_TOKEN and the proxy of the pod" if status is None else ""


def _explain_gate(kind: str, name: str) -> str:
    page = f"{load_hub_client().constants.ENDPOINT}/{'datasets/' if kind == 'dataset' else ''}{name}"
    if os.environ.get("HF_TOKEN"):
        return (
            f"{name}: the repository is gated, and the account of the token in HF_TOKEN has no access; "
            f"request it at {page}"
        )
    return (
        f"{name}: the repository is gated; accept its terms on the hub and pass your token in HF_TOKEN: "
        f"the terms are at {page}, and a stack names the token's Secret in mixcpt:tokenSecret"
    )
