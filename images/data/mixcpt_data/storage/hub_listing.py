"""Lists the files of a hub repository, but only those below the folder that a pattern names."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

from mixcpt_data.storage.hub_client import load_hub_client, translate_hub_errors
from mixcpt_data.storage.hub_requests import get_from_hub, repeat_request
from mixcpt_data.storage.locations import StoredFile
from mixcpt_store.errors import InputError

_WILDCARDS = frozenset("*?[")


def find_listed_folder(pattern: str) -> tuple[str, bool]:
    """Returns the deepest folder that contains all matches, and whether they may be in folders below it.

    A wildcard also matches `/`, so only a name without wildcards is certain to be in the folder itself.
    """
    if not _WILDCARDS.intersection(pattern):
        return pattern.rpartition("/")[0], False
    literal = pattern[: min(pattern.index(character) for character in _WILDCARDS.intersection(pattern))]
    return literal.rpartition("/")[0], True


def list_hub_folder(kind: str, name: str, revision: str, *, folder: str, recursive: bool) -> tuple[StoredFile, ...]:
    """Returns the files of a folder sorted by name; none when there is no such folder.

    `kind`, `name` and `revision` are those of the repository.
    """
    hub = load_hub_client()
    url = f"{hub.constants.ENDPOINT}/api/{kind}s/{name}/tree/{revision}"
    url += f"/{quote(folder, safe='')}" if folder else ""
    query = {"recursive": recursive, "expand": False}

    def fetch_page(page: str, query: dict[str, bool] | None) -> Any:
        with translate_hub_errors(kind, name, revision):
            try:
                return get_from_hub(name, page, headers={}, query=query)
            except hub.errors.RemoteEntryNotFoundError:
                return None

    files: list[StoredFile] = []
    page: str | None = url
    while page:
        # The address of a later page contains the query.
        response = repeat_request(partial(fetch_page, page, query if page == url else None))
        if response is None:
            break
        files += _read_page(name, response)
        page = response.links.get("next", {}).get("url")
    return tuple(sorted(files, key=lambda file: (file.name, file.size, file.version)))


def _read_page(name: str, response: Any) -> Iterator[StoredFile]:
    try:
        for entry in response.json():
            if entry["type"] == "file":
                yield StoredFile(entry["path"], entry["size"], entry["oid"])
    except (ValueError, TypeError, LookupError) as error:
        endpoint = load_hub_client().constants.ENDPOINT
        raise InputError(
            f"{name}: {endpoint} answered with something that is not a list of files: {response.text[:80]!r}; "
            "set HF_ENDPOINT to a hub"
        ) from error
