"""A download that is killed while its output is put together."""

import os
from functools import partial
from pathlib import Path

import pytest
from hub_fixture import COMMIT, REPOSITORY

from mixcpt_data.storage import download_repository as download
from mixcpt_data.storage.hub_repository import HubRepository
from mixcpt_store import complete


@pytest.mark.parametrize("links", [True, False])
def test_a_download_that_is_killed_at_the_end_is_whole_for_the_next_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    fetched: list[Path] = []

    def snapshot(_repository: HubRepository, _patterns: list[str], work: Path) -> None:
        if not (work / "config.json").is_file():
            fetched.append(work)
            work.mkdir()
            (work / "config.json").write_text("{}")

    def refused(_source: Path, _target: Path) -> None:
        raise PermissionError

    def killed(_directory: Path, _summary: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "_snapshot", snapshot)
    if not links:
        monkeypatch.setattr(os, "link", refused)
    fetch = partial(download.fetch_repository, HubRepository("model", REPOSITORY, COMMIT), ["*.json"])
    monkeypatch.setattr(HubRepository, "files", lambda _self, _pattern: [])
    with monkeypatch.context() as attempt:
        attempt.setattr(complete, "mark_complete", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(tmp_path / "model")
    fetch(tmp_path / "model")
    assert len(fetched) == 1
    assert (tmp_path / "model" / "config.json").read_text() == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
