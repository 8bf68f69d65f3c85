"""Makes the fixture modules in this folder importable."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mlflow_fixture import FakeMlflow, serve_mlflow
from training_fixture import write_store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a corpus, a model and the stub of mixcpt-trainer."""
    return write_store(tmp_path)


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with serve_mlflow() as server:
        yield server
