"""Responses of the hub, or of something that answers in its place: HTML pages, and requests to come back later."""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

_HTML_STARTS = (b"<!doctype html", b"<html")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_MAX_TITLE_LENGTH = 80
# The hub's RateLimit header gives whole seconds, rounded down: `"api";r=0;t=55`.
_RATE_LIMIT_RESET = re.compile(r";\s*r=0\s*;\s*t=(\d+)")


def is_html(response: Any) -> bool:
    """Returns whether the body is an HTML page, which no list of files and no corpus is.

    A part of a file may begin like one by chance, so the bytes of status 206 are not looked at.
    """
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        return False
    declared = str(response.headers.get("Content-Type", "")).lower()
    start: bytes = response.content[:512]
    return declared.startswith("text/html") or start.lstrip().lower().startswith(_HTML_STARTS)


def describe_html(response: Any) -> str:
    """Returns `the HTML page "TITLE"`, or `an HTML page` when it has no title."""
    title = _TITLE.search(response.text)
    text = " ".join(title[1].split())[:_MAX_TITLE_LENGTH] if title else ""
    return f'the HTML page "{text}"' if text else "an HTML page"


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Returns the seconds after which the server wants the request again; None when it does not say.

    `Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3).
    """
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        reset = _RATE_LIMIT_RESET.search(headers.get("RateLimit", ""))
        return float(reset[1]) + 1 if reset else None
