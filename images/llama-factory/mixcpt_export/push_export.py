"""Uploads an export to a hub of Hugging Face's kind, in one commit."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from mixcpt_export.export_spec import PushTarget
from mixcpt_store.complete import MARKER
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.listing import list_files_below
from mixcpt_store.presence import is_present

_TOKEN_VARIABLE = "HF_TOKEN"
_WEIGHT_FILES = "model*.safetensors*"
# A request that took too long, a commit at the same time, or too many requests; other statuses of 4xx are refusals.
_TEMPORARY_STATUSES = (408, 412, 425, 429)
_ADVICE = {
    401: "; the token in the Secret is not accepted",
    403: "; the token in the Secret must be allowed to write to this repository",
    404: "; the owner does not exist, or the token may not see it",
}


def prepare_hub_environment() -> None:
    """Sets what the client library reads when it is first imported: the images forbid it the network.

    Xet would send large files to another host than the hub, which only the vendor's hub has. A cluster's settings may
    choose it with HF_HUB_DISABLE_XET=0. For its telemetry the library would ask the hub without the token.
    """
    os.environ["HF_HUB_OFFLINE"] = "0"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


def push_export(folder: Path, target: PushTarget, message: str, repository_type: str = "model") -> str:
    """Creates the repository if it does not exist, uploads the folder, and returns the address of the commit.

    Files that the repository has already are not uploaded again; a call without any change makes no commit. Weights of
    an earlier upload are deleted. The client library reads HF_ENDPOINT. Raises InputError when the hub refuses,
    RetryableError when it does not respond.
    """
    token = _read_token()
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

    files = [path for path in list_files_below(folder) if path.name != MARKER]
    additions = [CommitOperationAdd(path.relative_to(folder).as_posix(), path) for path in files]
    hub = HfApi(token=token)
    with _translate_hub_errors(target.repository, token):
        hub.create_repo(target.repository, private=target.private, exist_ok=True, repo_type=repository_type)
        names = hub.list_repo_files(target.repository, repo_type=repository_type)
        deletions = [CommitOperationDelete(name) for name in _select_old_weights(names, folder)]
        # upload_folder would divide the files among several commits.
        commit = hub.create_commit(
            target.repository, [*additions, *deletions], commit_message=message, repo_type=repository_type
        )
    return str(commit.commit_url)


def _select_old_weights(names: Iterable[str], folder: Path) -> list[str]:
    """Returns the files of weights in the repository's root that the export does not have.

    transformers would load an old model.safetensors before new shards, and vLLM old shards that an index names.
    """
    weights = (name for name in names if "/" not in name and fnmatchcase(name, _WEIGHT_FILES))
    return [name for name in weights if not is_present(folder / name)]


def _read_token() -> str:
    """Returns the token without the line break that a Secret made from a file ends in."""
    token = os.environ.get(_TOKEN_VARIABLE, "").strip()
    if not token:
        raise InputError(f"{_TOKEN_VARIABLE}: is empty; the Secret that mixcpt:tokenSecret names must have this key")
    if not (token.isascii() and token.isprintable()):
        # The client library's message would have the token in it.
        raise InputError(f"{_TOKEN_VARIABLE}: holds characters that no token has; create the Secret again")
    return token


@contextmanager
def _translate_hub_errors(repository: str, token: str) -> Iterator[None]:
    from huggingface_hub.errors import HFValidationError

    try:
        yield
    except HFValidationError as error:
        raise InputError(f"push.repository: {repository}: {_format_error(error, token)}") from None
    except Exception as error:  # the library wraps a failed upload of a large file in a RuntimeError
        raise _build_push_error(repository, error, token) from None


def _build_push_error(repository: str, error: Exception, token: str) -> Exception:
    """Returns the error for a failed request, and any other one unchanged."""
    import httpx

    faults = (error, error.__cause__)
    responses = (getattr(fault, "response", None) for fault in faults)
    status = next((response.status_code for response in responses if response is not None), None)
    reason = "; ".join(_format_error(fault, token) for fault in faults if fault is not None)
    if status is not None:
        kind = InputError if 400 <= status < 500 and status not in _TEMPORARY_STATUSES else RetryableError
        return kind(f"{repository}: {reason}{_ADVICE.get(status, '')}")
    if any(isinstance(fault, httpx.HTTPError) for fault in faults):
        return RetryableError(
            f"{repository}: the hub did not respond: {reason}; open it to the pod's network or set HF_ENDPOINT, then "
            "export again: uploaded files are not uploaded twice"
        )
    return error


def _format_error(error: BaseException, token: str) -> str:
    """Returns one line without the token, which no message of the library should have."""
    return " ".join(str(error).split()).replace(token, "***")
