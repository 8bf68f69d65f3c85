"""A repository of the Hugging Face hub, streamed: only the bytes that are read are fetched."""

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from mixcpt_data.storage.hub_client import load_hub_client, translate_hub_errors
from mixcpt_data.storage.hub_listing import find_listed_folder, list_hub_folder
from mixcpt_data.storage.hub_requests import get_from_hub, repeat_request
from mixcpt_data.storage.locations import StoredFile
from mixcpt_data.storage.range_file import open_byte_ranges
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

_COMMIT_DIGITS = 40
_REPOSITORY_NAME = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?")


@dataclass(frozen=True)
class HubRepository:
    """A repository at one commit.

    `kind` is `dataset` or `model`; `revision` is a commit. The client library reads HF_ENDPOINT and HF_TOKEN.
    """

    kind: str
    name: str
    revision: str

    def find_files(self, pattern: str) -> Sequence[StoredFile]:
        """Returns the files that match `pattern`, which may be none."""
        folder, recursive = find_listed_folder(pattern)
        files = _list_folder(self, folder, recursive)
        return [file for file in files if fnmatch.fnmatchcase(file.name, pattern)]

    def list_files(self, pattern: str) -> Sequence[StoredFile]:
        files = self.find_files(pattern)
        if not files:
            raise InputError(f"{self.describe_file(pattern)}: no file matches this pattern")
        return files

    def open_file(self, file: StoredFile) -> BinaryIO:
        return open_byte_ranges(lambda start, end: self._fetch_range(file.name, start, end), file.size)

    def describe_file(self, name: str) -> str:
        return f"{self.name}@{self.revision[:7]}:{name}"

    def _fetch_range(self, name: str, start: int, end: int) -> bytes:
        """Returns the bytes [start, end) of a file.

        The request is repeated when the connection breaks or is silent, so a download resumes at the block
        where it stopped.
        """
        # Servers compress plain files for clients that accept it, and then ignore the range or cut the result.
        headers = {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}

        def fetch() -> bytes:
            with translate_hub_errors(self.kind, self.name, self.revision):
                url = load_hub_client().hf_hub_url(self.name, name, repo_type=self.kind, revision=self.revision)
                response = get_from_hub(self.name, url, headers=headers)
            content: bytes = response.content
            if len(content) != end - start:
                encoding = response.headers.get("Content-Encoding", "none")
                raise InputError(
                    f"{self.describe_file(name)}: requested bytes {start} to {end}, received {len(content)} bytes; "
                    f"the hub ignored the Range header (status {response.status_code}, encoding {encoding})"
                )
            return content

        return repeat_request(fetch, wait_for_connection=True)


def read_hub_repository(spec: Spec, kind: str) -> HubRepository:
    """Reads `repository` and `revision`. A branch or tag is refused because it can move."""
    revision = spec.get_text("revision")
    if len(revision) != _COMMIT_DIGITS or set(revision) - set("0123456789abcdef"):
        spec.add_problem("revision", f"is {revision!r}; it must be a commit of {_COMMIT_DIGITS} hex digits")
    name = spec.get_text("repository")
    if name and not _REPOSITORY_NAME.fullmatch(name):
        spec.add_problem("repository", f"is {name!r}; it must be OWNER/NAME of letters, digits, '-', '_' and '.'")
    return HubRepository(kind, name, revision)


@lru_cache(maxsize=64)
def _list_folder(repository: HubRepository, folder: str, recursive: bool) -> tuple[StoredFile, ...]:
    return list_hub_folder(repository.kind, repository.name, repository.revision, folder=folder, recursive=recursive)
