"""The verb `download`: copies files of a hub repository at one commit into the store."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mixcpt_data.storage.hub_client import load_hub_client, translate_hub_errors
from mixcpt_data.storage.hub_repository import HubRepository, read_hub_repository
from mixcpt_data.storage.hub_requests import repeat_request
from mixcpt_data.storage.model_weights import check_model_weights
from mixcpt_store.complete import is_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.listing import list_files_below
from mixcpt_store.spec import Spec

# A model in one format: weights as safetensors, configuration, tokenizer.
_WEIGHT_FILES = "*.safetensors"
_MODEL_FILES = ["*.json", _WEIGHT_FILES, "*.model"]
_MAX_PARALLEL_FILES = 8


def download_repository(spec: Spec) -> None:
    output = spec.get_path("output")
    kind = spec.get_text("kind", default="model", allowed=("model", "dataset"))
    repository = read_hub_repository(spec, kind)
    patterns = spec.get_texts("files", default=_MODEL_FILES)
    spec.finish()
    if not is_complete(output):
        download_files(repository, patterns, output)


def download_files(repository: HubRepository, patterns: list[str], output: Path) -> None:
    """Downloads the files that match `patterns`. A killed or broken download resumes in OUTPUT.work.

    Raises InputError when the hub refuses or a pattern matches no file, RetryableError when it does not respond.
    """
    work = output.with_name(f"{output.name}.work")
    if repository.kind == "model" and patterns == _MODEL_FILES:
        _download_snapshot(repository, [pattern for pattern in patterns if pattern != _WEIGHT_FILES], work)
        names = [file.name for file in repository.find_files("*")]
        check_model_weights(f"{repository.name}@{repository.revision[:7]}", names, work)
    for pattern in patterns if patterns != _MODEL_FILES else []:
        repository.list_files(pattern)
    _download_snapshot(repository, patterns, work)
    names = _list_downloaded_files(work)
    if not names:
        raise InputError(f"{repository.describe_file(' or '.join(patterns))}: no file matches these patterns")
    summary = {"repository": repository.name, "revision": repository.revision, "files": names}
    with write_directory(output, summary) as target:
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(work / name, target / name)
    shutil.rmtree(work)
    print(f"{output}: downloaded {len(names)} files of {repository.name}")


def _link_or_copy(source: Path, target: Path) -> None:
    """Adds `source` to the output without moving it: if the pod is killed here, the download remains complete."""
    try:
        os.link(source, target)
    except OSError:  # the file system has no hard links
        shutil.copyfile(source, target)


def _list_downloaded_files(work: Path) -> list[str]:
    """Returns names relative to `work`, without the client library's cache."""
    paths = (path.relative_to(work) for path in list_files_below(work))
    return sorted(path.as_posix() for path in paths if path.parts[0] != ".cache")


def _download_snapshot(repository: HubRepository, patterns: list[str], work: Path) -> None:
    """Downloads the matching files that are not in `work` yet, several at a time."""
    names = sorted({file.name for pattern in patterns for file in repository.find_files(pattern)})
    with ThreadPoolExecutor(min(_MAX_PARALLEL_FILES, os.cpu_count() or 1)) as pool:
        futures = [pool.submit(_download_file, repository, name, work) for name in names]
        try:
            for future in futures:
                future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _download_file(repository: HubRepository, name: str, work: Path) -> None:
    hub = load_hub_client()

    def download() -> None:
        with translate_hub_errors(repository.kind, repository.name, repository.revision):
            hub.hf_hub_download(
                repository.name,
                name,
                repo_type=repository.kind,
                revision=repository.revision,
                local_dir=work,
            )

    repeat_request(download)
