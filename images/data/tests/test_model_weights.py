"""Downloads of models: without whole safetensors they are refused before their weights are fetched."""

import json
from typing import Any

import pytest
from hub_fixture import COMMIT, LISTING, REPOSITORY, FakeHub
from mixture_fixture import MixtureWorkspace

_LOGIN = "<!DOCTYPE html>\n<html><head><title>Please\n log in</title></head></html>"


def _download_model(workspace: MixtureWorkspace, hub: FakeHub, files: dict[str, bytes]) -> Any:
    hub.files = {"config.json": b"{}", "tokenizer.json": b"{}", **files}
    spec = {"output": str(workspace.folder / "model"), "repository": REPOSITORY, "revision": COMMIT}
    return workspace.run_command("download", spec, HF_ENDPOINT=hub.endpoint, HF_HUB_DISABLE_XET="1")


def _format_index(*shards: str) -> bytes:
    return json.dumps({"weight_map": {f"layer.{n}": shard for n, shard in enumerate(shards)}}).encode()


_INDEX = "model.safetensors.index.json"
_SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "the model has no weights that are read here: found none; needed are model.safetensors, or"),
        (
            {"pytorch_model.bin": b"x", "pytorch_model.bin.index.json": b"{}"},
            "the model has no weights that are read here: found pytorch_model.bin; needed are model.safetensors",
        ),
        ({"original/model.safetensors": b"x"}, "are read here: found original/model.safetensors; needed are"),
        ({"adapter_model.safetensors": b"x"}, "are read here: found adapter_model.safetensors; needed are"),
        (dict.fromkeys(_SHARDS, b"x"), f"found {_SHARDS[0]}, {_SHARDS[1]}; needed are model.safetensors"),
        (
            {_INDEX: _format_index(*_SHARDS), _SHARDS[0]: b"x"},
            f"the weights are incomplete: {_INDEX} names {_SHARDS[1]}, which the repository does not have",
        ),
        ({_INDEX: b"{", _SHARDS[0]: b"x"}, f"{_INDEX} is damaged: it has no weight_map"),
        ({_INDEX: b"[]", _SHARDS[0]: b"x"}, f"{_INDEX} is damaged: it has no weight_map"),
        ({_INDEX: _format_index(), _SHARDS[0]: b"x"}, f"{_INDEX} is damaged: its weight_map names no files"),
    ],
)
def test_a_model_without_whole_safetensors_is_refused_before_the_download_of_weights(
    workspace: MixtureWorkspace, hub: FakeHub, files: dict[str, bytes], message: str
) -> None:
    result = _download_model(workspace, hub, files)
    assert result.returncode == 2
    assert result.stderr.startswith("mixcpt-data download: study/corpus@0123456: ")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (workspace.folder / "model").exists()
    assert not any(name.endswith(".safetensors") for name, _ in hub.ranges)


@pytest.mark.parametrize(
    "files",
    [
        {"model.safetensors": b"x"},
        {_INDEX: _format_index(*_SHARDS, _SHARDS[0]), **dict.fromkeys(_SHARDS, b"x")},
        {"model.safetensors": b"x", "pytorch_model.bin": b"x", "original/params.json": b"{}"},
    ],
)
def test_a_model_with_whole_safetensors_is_downloaded_with_one_listing(
    workspace: MixtureWorkspace, hub: FakeHub, files: dict[str, bytes]
) -> None:
    result = _download_model(workspace, hub, files)
    assert result.returncode == 0, result.stderr
    downloaded = json.loads((workspace.folder / "model" / "COMPLETE").read_text())["files"]
    assert downloaded == sorted(name for name in hub.files if not name.endswith(".bin"))
    assert hub.listings == [("", True)]


def test_named_files_of_a_model_repository_need_no_weights(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {"model.bin": b"x"}
    spec = {"output": str(workspace.folder / "model"), "repository": REPOSITORY, "revision": COMMIT}
    result = workspace.run_command("download", {**spec, "files": ["model.bin"]}, HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 0, result.stderr
    assert hub.listings == [("", False)]


def test_a_download_repeats_a_listing_and_a_file(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.failures = {LISTING: [(503, {"Retry-After": "0"})], "config.json": [(503, {"Retry-After": "0"})]}
    result = _download_model(workspace, hub, {"model.safetensors": b"x"})
    assert result.returncode == 0, result.stderr
    assert "attempt 2 of 6 in 0 s" in result.stdout


def test_a_page_in_place_of_a_file_is_not_downloaded(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.pages = {LISTING: _LOGIN}
    result = _download_model(workspace, hub, {"model.safetensors": b"x"})
    assert result.returncode == 2
    assert 'answered with the HTML page "Please log in" instead of data' in result.stderr
