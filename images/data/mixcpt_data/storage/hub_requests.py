"""Requests to the hub that are repeated after temporary failures, up to a limit, and say so."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mixcpt_data.storage.hub_client import HubUnavailableError, load_hub_client
from mixcpt_data.storage.hub_response import describe_html, is_html
from mixcpt_store.errors import InputError

MAX_ATTEMPTS = 6
# Longest pause between two attempts, in seconds: the hub counts requests in windows of five minutes.
MAX_WAIT_SECONDS = 330.0

_Result = TypeVar("_Result")


def get_from_hub(name: str, url: str, *, headers: Mapping[str, str], query: Mapping[str, Any] | None = None) -> Any:
    """Returns the response of one GET request, whose body is not an HTML page.

    Raises the exceptions of the client library for a failed request to the repository `name`, and InputError for a
    page that something in between answered with.
    """
    hub = load_hub_client()
    try:
        response = hub.utils.get_session().get(
            url,
            headers={**hub.utils.build_hf_headers(), **headers},
            params=query,
            timeout=hub.constants.HF_HUB_DOWNLOAD_TIMEOUT,
            follow_redirects=True,
        )
    except ValueError as error:  # the token, or the address of a proxy
        raise build_setting_error(name, error) from error
    hub.utils.hf_raise_for_status(response)
    if is_html(response):
        raise InputError(
            f"{name}: {hub.constants.ENDPOINT} answered with {describe_html(response)} instead of data, as log-in "
            "pages and proxies do; open the hub to the pod's network or set HF_ENDPOINT to a reachable hub"
        )
    return response


def build_setting_error(name: str, error: Exception) -> InputError:
    if isinstance(error, UnicodeError):
        return InputError(f"{name}: HF_TOKEN holds characters that no token has; pass it again")
    return InputError(f"{name}: no request is possible: {error}; check HF_ENDPOINT and the proxy of the pod")


def repeat_request(request: Callable[[], _Result], *, wait_for_connection: bool = False) -> _Result:
    """Repeats a request that raises HubUnavailableError, after the time that the hub asks for.

    Without `wait_for_connection`, a hub that is not reachable at all is reported at once.
    """
    for attempt in range(1, MAX_ATTEMPTS):
        try:
            return request()
        except HubUnavailableError as error:
            wait = float(2 ** (attempt - 1)) if error.wait is None else error.wait
            if wait > MAX_WAIT_SECONDS or (error.unreachable and not wait_for_connection):
                raise
            print(f"{_shorten(error)}; attempt {attempt + 1} of {MAX_ATTEMPTS} in {wait:.0f} s", flush=True)
            time.sleep(wait)
    return request()


def _shorten(error: Exception) -> str:
    """Returns the message without its advice, which is for a failure that is final."""
    return str(error).partition("; ")[0]
