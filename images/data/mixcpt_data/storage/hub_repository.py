"""A repository of the Hugging Face hub, streamed: only the bytes that are read are fetched."""

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from mixcpt_data.storage.hub_client import load_hub_client, load_transport_error, translate_hub_errors
from mixcpt_data.storage.locations import StoredFile
from mixcpt_data.storage.range_file import open_byte_ranges
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

_COMMIT_DIGITS = 40


@dataclass(frozen=True)
class HubRepository:
    """A repository at one commit.

    `kind` is `dataset` or `model`; `revision` is a commit. The client library reads HF_ENDPOINT and HF_TOKEN.
    """

    kind: str
    name: str
    revision: str

    def list_files(self, pattern: str) -> Sequence[StoredFile]:
        files = [file for file in _list_repository(self) if fnmatch.fnmatchcase(file.name, pattern)]
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
        hub = load_hub_client()
        url = hub.hf_hub_url(self.name, name, repo_type=self.kind, revision=self.revision)
        headers = {**hub.utils.build_hf_headers(), "Range": f"bytes={start}-{end - 1}"}
        with translate_hub_errors(self.kind, self.name, self.revision):
            response = hub.utils.http_backoff(
                "GET",
                url,
                headers=headers,
                timeout=hub.constants.HF_HUB_DOWNLOAD_TIMEOUT,
                retry_on_exceptions=load_transport_error(),
                follow_redirects=True,
            )
            hub.utils.hf_raise_for_status(response)
        content: bytes = response.content
        if len(content) != end - start:
            raise InputError(
                f"{self.describe_file(name)}: requested bytes {start} to {end}, received {len(content)} bytes; "
                "the hub ignored the Range header"
            )
        return content


def read_hub_repository(spec: Spec, kind: str) -> HubRepository:
    """Reads `repository` and `revision`. A branch or tag is refused because it can move."""
    revision = spec.get_text("revision")
    if len(revision) != _COMMIT_DIGITS or set(revision) - set("0123456789abcdef"):
        spec.add_problem("revision", f"is {revision!r}; it must be a commit of {_COMMIT_DIGITS} hex digits")
    return HubRepository(kind, spec.get_text("repository"), revision)


@lru_cache(maxsize=16)
def _list_repository(repository: HubRepository) -> tuple[StoredFile, ...]:
    with translate_hub_errors(repository.kind, repository.name, repository.revision):
        entries = (
            load_hub_client()
            .HfApi()
            .list_repo_tree(repository.name, recursive=True, revision=repository.revision, repo_type=repository.kind)
        )
        files = [(entry.path, entry.size, entry.blob_id) for entry in entries if hasattr(entry, "size")]
    return tuple(StoredFile(*file) for file in sorted(files))
