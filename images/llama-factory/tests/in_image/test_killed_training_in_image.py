"""A training that is killed at random moments ends with the weights of one that is not.

MIXCPT_CHAOS_ROUNDS is the number of trainings (2), MIXCPT_CHAOS_SEED repeats the moments of an earlier run.
"""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from small_training_fixture import build_environment, kill_session, read_weights, train

from mixcpt_store.complete import is_complete

ROUNDS = int(os.environ.get("MIXCPT_CHAOS_ROUNDS", "2"))
SEED = int(os.environ.get("MIXCPT_CHAOS_SEED") or time.time_ns() % 1_000_000)
EVALUATED = {"steps": [3, 7], "last": True}


@pytest.fixture(scope="module")
def seconds(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """The duration of a training that nobody kills."""
    started = time.monotonic()
    train(inputs, tmp_path_factory.mktemp("timed") / "run", **EVALUATED)
    return time.monotonic() - started


def _kill_after(inputs: Path, output: Path, seconds: float, end: signal.Signals) -> None:
    spec = {"output": str(output), "checkpoints": EVALUATED}
    # SIGTERM saves a checkpoint at whatever step it meets.
    environment = build_environment(inputs, spec, {"MIXCPT_GRACE_SECONDS": "60"})
    process = subprocess.Popen(["mixcpt-train"], env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, end)
        process.wait()
        # The ranks are in another process group: they would write into the folder of the next attempt.
        kill_session(process.pid)


@pytest.mark.parametrize("seed", [f"{SEED}-{number}" for number in range(ROUNDS)])
def test_has_the_weights_of_a_training_that_nobody_kills(
    inputs: Path, whole_run: Path, seconds: float, tmp_path: Path, seed: str
) -> None:
    random_moments = random.Random(seed)
    run = tmp_path / "run"
    for _ in range(random_moments.randint(1, 3)):
        end = random_moments.choice([signal.SIGKILL, signal.SIGTERM])
        _kill_after(inputs, run, random_moments.uniform(0, seconds), end)
    train(inputs, run, **EVALUATED)
    assert is_complete(run)
    for name in ("checkpoint-3", "checkpoint-7", "checkpoint-last"):
        assert read_weights(run / name) == read_weights(whole_run / name)
