"""Keeps what the tests of all images, and the programs that they start, leave among temporary files."""

import tempfile
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Replaces the folder of temporary files by one that pytest removes: in a pod they end with it.

    Not by the fixture monkeypatch, which would then end after the other fixtures of a test.
    """
    folder = str(tmp_path_factory.mktemp("temporary"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield
