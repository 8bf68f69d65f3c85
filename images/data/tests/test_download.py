"""A download that is killed while its output is assembled."""

import os
from functools import partial
from pathlib import Path

import pytest
from hub_fixture import COMMIT, REPOSITORY

from mixcpt_data.storage import download_repository
from mixcpt_data.storage.hub_repository import HubRepository
from mixcpt_store import complete


@pytest.mark.parametrize("links", [True, False])
def test_a_download_killed_at_the_end_is_reused_by_the_next_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    downloaded: list[Path] = []

    def download_snapshot(_repository: HubRepository, _patterns: list[str], work: Path) -> None:
        if not (work / "config.json").is_file():
            downloaded.append(work)
            work.mkdir()
            (work / "config.json").write_text("{}")

    def refuse_link(_source: Path, _target: Path) -> None:
        raise PermissionError

    def interrupt(_directory: Path, _summary: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(download_repository, "_download_snapshot", download_snapshot)
    if not links:
        monkeypatch.setattr(os, "link", refuse_link)
    download = partial(download_repository.download_files, HubRepository("model", REPOSITORY, COMMIT), ["*.json"])
    monkeypatch.setattr(HubRepository, "list_files", lambda _self, _pattern: [])
    with monkeypatch.context() as attempt:
        attempt.setattr(complete, "mark_complete", interrupt)
        with pytest.raises(KeyboardInterrupt):
            download(tmp_path / "model")
    download(tmp_path / "model")
    assert len(downloaded) == 1
    assert (tmp_path / "model" / "config.json").read_text() == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
