"""A repository of the Hugging Face hub, read as a stream: no more is fetched than is read."""

import fnmatch
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from mixcpt_data.storage.locations import StoredFile
from mixcpt_data.storage.range_file import open_ranges
from mixcpt_store.errors import InputError, RetryableError

COMMIT_DIGITS = 40
# A timeout and too many requests; all other answers from 400 to 499 are refusals.
_MAY_PASS = (408, 429)


@dataclass(frozen=True)
class HubRepository:
    """`kind` is `dataset` or `model`; `revision` a commit. HF_ENDPOINT and HF_TOKEN are the hub's own."""

    kind: str
    name: str
    revision: str

    def files(self, pattern: str) -> Sequence[StoredFile]:
        found = [file for file in _listing(self) if fnmatch.fnmatchcase(file.name, pattern)]
        if not found:
            raise InputError(f"{self.describe(pattern)} matches no file")
        return found

    def open(self, name: str) -> BinaryIO:
        (file,) = self.files(glob_literal(name))
        return open_ranges(lambda start, end: self._range(name, start, end), file.bytes)

    def describe(self, name: str) -> str:
        return f"{self.name}@{self.revision[:7]}:{name}"

    def _range(self, name: str, start: int, end: int) -> bytes:
        """Asked for again when the connection breaks or is silent: a download goes on where it stopped."""
        hub = load_hub()
        url = hub.hf_hub_url(self.name, name, repo_type=self.kind, revision=self.revision)
        headers = {**hub.utils.build_hf_headers(), "Range": f"bytes={start}-{end - 1}"}
        with hub_errors(self):
            response = hub.utils.http_backoff(
                "GET",
                url,
                headers=headers,
                timeout=hub.constants.HF_HUB_DOWNLOAD_TIMEOUT,
                retry_on_exceptions=_transport_errors(),
                follow_redirects=True,
            )
            hub.utils.hf_raise_for_status(response)
        if len(response.content) != end - start:
            raise InputError(
                f"{self.describe(name)}: asked for bytes {start} to {end}, got {len(response.content)}: "
                "the hub ignored the range"
            )
        return response.content


def glob_literal(name: str) -> str:
    """A pattern that matches `name` alone."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


@lru_cache(maxsize=16)
def _listing(repository: HubRepository) -> tuple[StoredFile, ...]:
    with hub_errors(repository):
        entries = (
            load_hub()
            .HfApi()
            .list_repo_tree(repository.name, recursive=True, revision=repository.revision, repo_type=repository.kind)
        )
        files = [(entry.path, entry.size, entry.blob_id) for entry in entries if hasattr(entry, "size")]
    return tuple(StoredFile(*file) for file in sorted(files))


@lru_cache(maxsize=1)
def load_hub() -> Any:
    """The image forbids the hub to all steps; a step whose spec names a repository is the exception."""
    os.environ["HF_HUB_OFFLINE"] = "0"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    # Seconds of silence before a request is made again.
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "60")
    import huggingface_hub.constants
    import huggingface_hub.errors
    import huggingface_hub.utils

    return huggingface_hub


def _transport_errors() -> type[Exception]:
    import httpx

    return httpx.TransportError


@contextmanager
def hub_errors(repository: HubRepository) -> Iterator[None]:
    """Turns what the hub answers into one line for the user: a refusal is for good, no answer may pass."""
    errors = load_hub().errors
    explain: list[tuple[type[Exception], Callable[[], str]]] = [
        (errors.GatedRepoError, lambda: _gated(repository.name)),
        (errors.RepositoryNotFoundError, lambda: _unknown(repository)),
        (errors.RevisionNotFoundError, lambda: f"{repository.name} has no revision {repository.revision}"),
        (
            errors.RemoteEntryNotFoundError,
            lambda: f"{repository.name}@{repository.revision[:7]} lacks a file",
        ),
    ]
    try:
        yield
    except tuple(kind for kind, _ in explain) as error:
        raise InputError(next(text() for kind, text in explain if isinstance(error, kind))) from error
    except (_transport_errors(), errors.HfHubHTTPError, errors.LocalEntryNotFoundError) as error:
        raise _unanswered(repository, error) from error


def _unanswered(repository: HubRepository, error: Exception) -> InputError | RetryableError:
    what = str(error).splitlines()[0] if str(error) else type(error).__name__
    where = load_hub().constants.ENDPOINT
    if _is_refusal(error):
        return InputError(f"the hub at {where} refuses {repository.name}: {what}")
    return RetryableError(
        f"the hub at {where} gave no answer for {repository.name}: {what}; let the pod reach it, or name "
        "another in HF_ENDPOINT, and run it again: what is whole is not fetched twice"
    )


def _is_refusal(error: Exception) -> bool:
    """By the status of the answer, or of the one behind it."""
    answers = [getattr(fault, "response", None) for fault in (error, error.__cause__)]
    statuses = [answer.status_code for answer in answers if answer is not None]
    return any(400 <= status < 500 and status not in _MAY_PASS for status in statuses)


def _unknown(repository: HubRepository) -> str:
    return f"the hub has no {repository.kind} {repository.name}, or it is private and the token may not see it"


def _gated(name: str) -> str:
    if os.environ.get("HF_TOKEN"):
        return f"{name} is gated: the account of the token in HF_TOKEN has not been granted access"
    return f"{name} is gated: accept its terms on the hub and give the step your token in HF_TOKEN"
