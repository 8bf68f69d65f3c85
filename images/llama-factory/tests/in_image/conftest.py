"""Makes the fixture modules of the tests importable. These tests run in the image: they need torch and transformers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from small_training_fixture import train, write_inputs


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights and a corpus."""
    folder = tmp_path_factory.mktemp("inputs")
    write_inputs(folder)
    return folder


@pytest.fixture(scope="session")
def whole_run(inputs: Path) -> Path:
    """A run to the end of its recipe, of which three checkpoints are evaluated."""
    train(inputs, inputs / "whole", steps=[3, 7], last=True)
    return inputs / "whole"
