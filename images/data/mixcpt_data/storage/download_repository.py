"""The verb `download`: files of a hub repository at one commit, into the store."""

import os
import shutil
from pathlib import Path

from mixcpt_data.sources.source_spec import read_repository
from mixcpt_data.storage.hub_repository import HubRepository, hub_errors, load_hub
from mixcpt_store.complete import is_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# A model in one format: weights as safetensors, configuration, tokenizer.
_MODEL_FILES = ["*.json", "*.safetensors", "*.model"]


def download(spec: Spec) -> None:
    output = spec.get_path("output")
    kind = spec.get_text("kind", default="model", allowed=("model", "dataset"))
    repository = read_repository(spec, kind)
    patterns = spec.get_texts("files", default=_MODEL_FILES)
    spec.finish()
    if not is_complete(output):
        fetch_repository(repository, patterns, output)


def fetch_repository(repository: HubRepository, patterns: list[str], output: Path) -> None:
    """A killed or broken download goes on in OUTPUT.work where it stopped.

    Raises InputError when the hub refuses or has no such file, RetryableError when it does not answer.
    """
    work = output.with_name(f"{output.name}.work")
    for pattern in patterns if patterns != _MODEL_FILES else []:
        repository.files(pattern)
    _snapshot(repository, patterns, work)
    names = _names(work)
    if not names:
        raise InputError(f"{repository.describe(' or '.join(patterns))} matches no file")
    summary = {"repository": repository.name, "revision": repository.revision, "files": names}
    with write_directory(output, summary) as target:
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            _link(work / name, target / name)
    shutil.rmtree(work)
    print(f"{output}: {len(names)} files of {repository.name}")


def _link(source: Path, target: Path) -> None:
    """Not moved: killed here, a download of many gigabytes is still whole in `source`."""
    try:
        os.link(source, target)
    except OSError:  # the file system has no hard links
        shutil.copyfile(source, target)


def _names(work: Path) -> list[str]:
    found = (path.relative_to(work) for path in work.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if path.parts[0] != ".cache")


def _snapshot(repository: HubRepository, patterns: list[str], work: Path) -> None:
    hub = load_hub()
    with hub_errors(repository):
        hub.snapshot_download(
            repository.name,
            repo_type=repository.kind,
            revision=repository.revision,
            allow_patterns=patterns,
            local_dir=work,
            max_workers=min(8, os.cpu_count() or 1),
        )
