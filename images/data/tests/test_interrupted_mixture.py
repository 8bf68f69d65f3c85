"""Mixtures that resume after a kill, a signal, bad input or a full disk, from shards that workers prepare."""

import json
import math
import resource
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hub_fixture import COMMIT, REPOSITORY, FakeHub
from mixture_fixture import MixtureWorkspace, format_jsonl
from wait_fixture import wait_until

from mixcpt_data.sources import lines
from mixcpt_store.complete import MARKER


def _write_many_rows(workspace: MixtureWorkspace, files: int) -> dict[str, Any]:
    """Writes files with 5000 rows each and returns a source that filters them."""
    for part in range(files):
        workspace.write_jsonl(f"{part}.jsonl", [f"Sentence {part} {row} of the corpus." for row in range(5_000)])
    return workspace.files_source("*.jsonl", languageModel="lid.176")


def _list_finished_shards(work: Path) -> list[Path]:
    return sorted(path.parent for path in work.glob(f"*/{MARKER}"))


def _add_silent_files(hub: FakeHub, *names: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Adds files to a hub that does not answer the first request for them.

    Returns their source, and the variables with which a run that needs them does not end by itself.
    """
    hub.files = {name: format_jsonl([f"A row of {name}."]).encode() for name in names}
    hub.pauses = dict.fromkeys(names, 600.0)
    source = {"kind": "hf", "repository": REPOSITORY, "revision": COMMIT, "files": list(names)}
    variables = {"HF_ENDPOINT": hub.endpoint, "HF_HUB_DOWNLOAD_TIMEOUT": "600"}
    return {**source, "format": "jsonl", "languages": ["eng_Latn"]}, variables


def test_a_killed_run_resumes_after_the_finished_shards_and_gives_the_same_bytes(
    workspace: MixtureWorkspace, hub: FakeHub
) -> None:
    silent, variables = _add_silent_files(hub, "silent.jsonl")
    spec = workspace.build_spec(_write_many_rows(workspace, 5), silent)
    work = workspace.folder / "corpus.work"
    process = workspace.start_command("mixture", spec, **variables)
    wait_until(lambda: _list_finished_shards(work) and not hub.pauses, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = {path: path.stat().st_ino for path in _list_finished_shards(work)}
    assert 1 <= len(kept) < 6
    assert not workspace.output.exists()
    again = workspace.start_command("mixture", spec, **variables)
    seen: dict[Path, int] = {}
    while again.poll() is None:
        for path in kept:
            with suppress(FileNotFoundError):  # the run ends with the removal of its shards
                seen[path] = path.stat().st_ino
        time.sleep(0.01)
    again.communicate()
    assert again.returncode == 0
    assert seen == kept
    whole_spec = {**spec, "output": str(workspace.folder / "whole")}
    assert workspace.run_command("mixture", whole_spec, **variables).returncode == 0
    whole = (workspace.folder / "whole" / "train.jsonl").read_bytes()
    assert (workspace.output / "train.jsonl").read_bytes() == whole


def test_a_terminated_run_does_not_wait_until_its_workers_finish(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    silent, variables = _add_silent_files(hub, "a.jsonl", "b.jsonl")
    process = workspace.start_command("mixture", workspace.build_spec(silent), **variables)
    wait_until(lambda: not hub.pauses, process)  # both workers wait for the hub
    process.terminate()
    # Workers hold the pipes, too: this returns when the last of them has ended.
    process.communicate(timeout=120)
    assert process.returncode == 143
    assert not _list_finished_shards(workspace.folder / "corpus.work")


def test_changed_input_is_prepared_again(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["Old."])
    workspace.write_input("b.jsonl", "{")
    spec = workspace.build_spec(workspace.files_source("a.jsonl"), workspace.files_source("b.jsonl"))
    assert workspace.run_command("mixture", spec).returncode == 2
    workspace.write_jsonl("a.jsonl", ["New one."])
    workspace.write_jsonl("b.jsonl", ["Whole."])
    assert workspace.run_command("mixture", spec).returncode == 0
    assert sorted(workspace.read_texts()) == ["New one.", "Whole."]


def test_a_file_size_limit_gives_one_line_and_leaves_no_mixture(
    workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write_jsonl("a.jsonl", ["x" * 100] * 5000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        result = workspace.run_command("mixture", workspace.build_spec(workspace.files_source("a.jsonl")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result.returncode == 2, result.stderr
    assert "the file may not grow" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not workspace.output.exists()
    assert workspace.run_command("mixture", workspace.build_spec(workspace.files_source("a.jsonl"))).returncode == 0


def test_a_large_file_is_split_between_the_workers(
    workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [f"Sentence {row}." for row in range(500)]
    workspace.write_jsonl("a.jsonl", texts)
    monkeypatch.setattr(lines, "MAX_RANGE_BYTES", 1000)
    assert sorted(workspace.mix_sources(workspace.files_source("a.jsonl"))) == sorted(texts)
    progress = json.loads(capsys.readouterr().out.splitlines()[0])
    assert progress["total"] == math.ceil((workspace.folder / "inputs" / "a.jsonl").stat().st_size / 1000)
