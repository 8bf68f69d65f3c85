"""Two pods that train together: told to stop in the middle of a step, each at another moment, and resumed."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_training_fixture import RECIPE, build_environment, read_weights

from mixcpt_store.complete import is_complete

# So many steps after the stop that a fast machine does not end the training before it learns of it.
STEPS, SAVE_STEPS, STOPPED_FROM = 160, 20, 24
SPEC = {"recipe": {**RECIPE, "max_steps": STEPS, "save_steps": SAVE_STEPS}, "checkpoints": {"last": True}}
Pods = list["subprocess.Popen[str]"]


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def _start_pods(
    inputs: Path, output: Path, grace_seconds: int = 60, *, seen_by_second: Path | None = None
) -> Iterator[Pods]:
    port = str(_find_port())
    pods = []
    for rank, seen in (("0", output), ("1", seen_by_second or output)):
        variables = {
            "PET_NNODES": "2",
            "PET_NODE_RANK": rank,
            "PET_MASTER_ADDR": "127.0.0.1",
            "PET_MASTER_PORT": port,
            "MIXCPT_GRACE_SECONDS": str(grace_seconds),
        }
        environment = build_environment(inputs, {**SPEC, "output": str(seen)}, variables)
        pods.append(
            subprocess.Popen(
                ["mixcpt-train"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        )
    try:
        yield pods
    finally:
        for pod in pods:
            pod.kill()
            pod.wait()


def _await_step(output: Path, step: int) -> None:
    log = output / "trainer_log.jsonl"
    end = time.monotonic() + 240
    while not log.exists() or f'"current_steps": {step},' not in log.read_text():
        assert time.monotonic() < end, "the training has not come to the step"
        time.sleep(0.01)


def _train(inputs: Path, output: Path) -> str:
    with _start_pods(inputs, output) as pods:
        logs = [pod.communicate(timeout=300)[0] for pod in pods]
    assert [pod.returncode for pod in pods] == [0, 0], "\n".join(logs)
    return logs[0]


def _stop(inputs: Path, output: Path, first: int, grace_seconds: int = 60) -> tuple[list[int], list[str]]:
    """Tells one pod to stop, and the other once that one has ended, as a JobSet does that restarts its pods."""
    with _start_pods(inputs, output, grace_seconds) as pods:
        _await_step(output, STOPPED_FROM)
        pods[first].send_signal(signal.SIGTERM)
        first_log = pods[first].communicate(timeout=120)[0]
        pods[1 - first].send_signal(signal.SIGTERM)
        second_log = pods[1 - first].communicate(timeout=120)[0]
    logs = [first_log, second_log] if first == 0 else [second_log, first_log]
    return [pod.returncode for pod in pods], logs


def _find_resumed_step(output: Path) -> int:
    return max(int(path.parent.name.split("-")[1]) for path in output.glob("checkpoint-*/COMPLETE"))


def _list_files(output: Path) -> set[str]:
    return {str(path.relative_to(output)) for path in output.glob("checkpoint-*/*")}


@pytest.fixture(scope="module")
def uninterrupted(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("uninterrupted") / "run"
    _train(inputs, output)
    return output


@pytest.mark.parametrize("first", [0, 1])
def test_save_a_checkpoint_at_one_step_and_resume_to_the_weights_of_an_uninterrupted_run(
    inputs: Path, uninterrupted: Path, tmp_path: Path, first: int
) -> None:
    output = tmp_path / "run"
    codes, logs = _stop(inputs, output, first)
    assert codes == [143, 143], "\n".join(logs)
    assert "told to stop: saving a checkpoint at the end of this step" in logs[first]
    saved = _find_resumed_step(output)
    assert STOPPED_FROM <= saved < STEPS
    assert {path.name for path in (output / f"checkpoint-{saved}").glob("rng_state_*")} == {
        "rng_state_0.pth",
        "rng_state_1.pth",
    }
    assert not is_complete(output)
    assert f"resuming from checkpoint-{saved}" in _train(inputs, output)
    assert read_weights(output / "checkpoint-last") == read_weights(uninterrupted / "checkpoint-last")
    assert _list_files(output) == _list_files(uninterrupted)


def test_end_at_once_where_a_save_does_not_fit_the_grace_and_resume_from_the_last_checkpoint(
    inputs: Path, uninterrupted: Path, tmp_path: Path
) -> None:
    output = tmp_path / "run"
    codes, logs = _stop(inputs, output, 1, grace_seconds=4)
    assert codes[1] == 143, "\n".join(logs)
    assert "told to stop: ending without a checkpoint: it would take" in logs[1]
    saved = _find_resumed_step(output)
    assert saved % SAVE_STEPS == 0, "the recipe asked for it"
    assert f"resuming from checkpoint-{saved}" in _train(inputs, output)
    assert read_weights(output / "checkpoint-last") == read_weights(uninterrupted / "checkpoint-last")


def test_a_second_signal_during_the_stop_leaves_no_checkpoint_that_is_taken_for_a_whole_one(
    inputs: Path, uninterrupted: Path, tmp_path: Path
) -> None:
    output = tmp_path / "run"
    with _start_pods(inputs, output) as pods:
        _await_step(output, STOPPED_FROM)
        for _ in range(2):
            for pod in pods:
                pod.send_signal(signal.SIGTERM)
            time.sleep(0.1)
        logs = [pod.communicate(timeout=120)[0] for pod in pods]
    assert [pod.returncode for pod in pods] == [143, 143], "\n".join(logs)
    assert "resuming from checkpoint-" in _train(inputs, output)
    assert read_weights(output / "checkpoint-last") == read_weights(uninterrupted / "checkpoint-last")


def test_take_no_step_where_one_does_not_see_the_marker_of_the_newest_checkpoint(
    uninterrupted: Path, inputs: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for seen in (first, second):
        shutil.copytree(uninterrupted, seen)
        (seen / "COMPLETE").unlink()
        for name in ("checkpoint-last", f"checkpoint-{STEPS}"):
            shutil.rmtree(seen / name)
    (second / f"checkpoint-{STEPS - SAVE_STEPS}" / "COMPLETE").unlink()
    written = (first / "trainer_log.jsonl").read_text()
    with _start_pods(inputs, first, seen_by_second=second) as pods:
        logs = [pods[0].communicate(timeout=300)[0]]
        pods[1].send_signal(signal.SIGTERM)  # as a JobSet does that restarts its pods
        logs.append(pods[1].communicate(timeout=300)[0])
    assert [pod.returncode for pod in pods] == [1, 1], "\n".join(logs)
    assert all("the nodes have planned different attempts" in log for log in logs), "\n".join(logs)
    assert (first / "trainer_log.jsonl").read_text() == written
