"""Fixtures of tests with DeepSpeed on processors: `./mixcpt test deepspeed` runs them in the image for CPUs.

Whatever a GPU, RCCL or the network between nodes does is not in them.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "on_processors"))
sys.path.insert(0, str(Path(__file__).parents[3] / "evaluate"))

from deepspeed_fixture import EXECUTIONS, Trainings
from small_training_fixture import write_inputs


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights and a corpus."""
    folder = tmp_path_factory.mktemp("inputs")
    write_inputs(folder)
    return folder


@pytest.fixture(scope="session", params=EXECUTIONS, ids=lambda execution: execution.name)
def trainings(inputs: Path, request: pytest.FixtureRequest) -> Trainings:
    return Trainings(inputs, request.param)


@pytest.fixture(scope="session")
def whole_run(trainings: Trainings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody kills, to the end of its recipe."""
    run = tmp_path_factory.mktemp("whole") / "run"
    code, output = trainings.run(run)
    assert code == 0, output
    return run
