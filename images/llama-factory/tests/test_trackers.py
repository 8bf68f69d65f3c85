"""Trackers: each step arrives once, whatever happens to the run or to the tracker."""

from pathlib import Path

import pytest
from mlflow_fixture import TAGS, FakeMlflow, build_mlflow_feed, write_log
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.record_writer import RecordWriter
from training_fixture import run_training

from mixcpt_store.complete import is_complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.run_spec import read_run_spec
from mixcpt_train.tensorboard_tracker import TensorBoardTracker, _read_records
from mixcpt_train.tracker import Point, TrackerFeed
from mixcpt_train.trackers import build_tracker_feed

RECIPE: dict[str, object] = {"max_steps": 4, "save_steps": 2}
TENSORBOARD = {"kind": "tensorboard", "tags": TAGS}


def _build_mlflow_spec(address: str) -> dict[str, object]:
    return {"kind": "mlflow", "address": address, "experiment": "dev", "tags": TAGS}


def _read_events(run: Path) -> list[Event]:
    files = sorted((run / "tensorboard").iterdir())
    return [Event.FromString(record) for path in files for record in _read_records(path.read_bytes())]


def _list_steps(run: Path, name: str) -> list[int]:
    return [event.step for event in _read_events(run) for value in event.summary.value if value.tag == name]


def test_tracks_a_training_in_tensorboard_and_names_its_cell(store: Path) -> None:
    code, _, errors = run_training(store, RECIPE, final=4, tracker=TENSORBOARD)
    assert (code, errors) == (0, "")
    assert _list_steps(store / "run", "train/loss") == [1, 2, 3, 4]
    [text] = [value for event in _read_events(store / "run") for value in event.summary.value if value.tag[:3] == "run"]
    assert b"| cell | Tiny-Bi-Alt |" in text.tensor.string_val[0]


def test_tracks_a_training_in_mlflow_with_its_tags_and_its_recipe(store: Path, mlflow: FakeMlflow) -> None:
    assert run_training(store, RECIPE, final=4, tracker=_build_mlflow_spec(mlflow.address))[0] == 0
    [run] = mlflow.runs.values()
    assert (run["tags"], run["statuses"][-1], list(mlflow.experiments)) == (TAGS, "FINISHED", ["dev"])
    assert {"key": "max_steps", "value": "4"} in run["params"]
    assert mlflow.list_steps("train/loss") == [1, 2, 3, 4]


def test_a_failed_training_fails_its_run_in_mlflow_until_another_attempt(store: Path, mlflow: FakeMlflow) -> None:
    spec = _build_mlflow_spec(mlflow.address)
    assert run_training(store, {**RECIPE, "exit_code": 1}, final=4, tracker=spec)[0] == 1
    [run] = mlflow.runs.values()
    assert run["statuses"] == ["RUNNING", "FAILED"]
    assert run_training(store, RECIPE, final=4, tracker=spec)[0] == 0
    assert run["statuses"] == ["RUNNING", "FAILED", "RUNNING", "FINISHED"]


def test_an_error_before_the_training_fails_the_run_in_mlflow_only_if_it_exists(
    store: Path, mlflow: FakeMlflow
) -> None:
    spec = _build_mlflow_spec(mlflow.address)
    (store / "corpus" / "COMPLETE").unlink()
    assert run_training(store, RECIPE, final=4, tracker=spec)[0] == 1
    assert mlflow.runs == {}
    (store / "run").mkdir()
    write_log(store / "run", 1)
    assert run_training(store, RECIPE, final=4, tracker=spec)[0] == 1
    [run] = mlflow.runs.values()
    assert run["statuses"] == ["RUNNING", "FAILED"]


def test_a_tracker_that_does_not_answer_stops_no_training(store: Path) -> None:
    code, output, errors = run_training(store, RECIPE, final=4, tracker=_build_mlflow_spec("http://127.0.0.1:9"))
    lines = [line for line in output.splitlines() if line.startswith("MLflow at http://127.0.0.1:9: ")]
    assert (code, errors, len(lines)) == (0, "", 2)
    assert lines[0].endswith("; training goes on, and the losses are sent later")
    assert is_complete(store / "run")


def test_a_finished_run_is_sent_to_a_tracker_that_was_chosen_afterwards(store: Path, mlflow: FakeMlflow) -> None:
    assert run_training(store, RECIPE, final=4)[0] == 0
    assert run_training(store, RECIPE, final=4, tracker=TENSORBOARD)[0] == 0
    for _ in range(2):
        assert run_training(store, RECIPE, final=4, tracker=_build_mlflow_spec(mlflow.address))[0] == 0
    assert _list_steps(store / "run", "train/loss") == mlflow.list_steps("train/loss") == [1, 2, 3, 4]


def test_an_attempt_continues_the_run_of_the_last_one_and_repeats_no_step(tmp_path: Path, mlflow: FakeMlflow) -> None:
    for steps in ([2, 4, 6], [4, 6, 8]):
        feeds = [
            build_mlflow_feed(tmp_path, mlflow, [0.0]),
            TrackerFeed(tmp_path, TensorBoardTracker(tmp_path, TAGS), name="TensorBoard"),
        ]
        for step in steps:
            write_log(tmp_path, step)
            for feed in feeds:
                feed.forward(ended=True)
    assert mlflow.list_steps("train/loss") == _list_steps(tmp_path, "train/loss") == [2, 4, 6, 8]
    assert len(list((tmp_path / "tensorboard").iterdir())) == 2


def test_sends_held_out_loss_and_learning_rate_of_the_same_step(tmp_path: Path, mlflow: FakeMlflow) -> None:
    feed = build_mlflow_feed(tmp_path, mlflow, [0.0])
    write_log(tmp_path, 2, loss=5.0, lr=1e-5)
    feed.forward(ended=True)
    write_log(tmp_path, 2, eval_loss=5.5)
    feed.forward(ended=True)
    for name in ("train/loss", "train/learning_rate", "eval/loss"):
        assert mlflow.list_steps(name) == [2]


def test_sends_what_a_server_has_missed_as_soon_as_it_answers_again(
    tmp_path: Path, mlflow: FakeMlflow, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    feed = build_mlflow_feed(tmp_path, mlflow, clock)
    write_log(tmp_path, 2)
    feed.forward(ended=False)
    mlflow.refusal = 503
    for step in range(4, 20, 2):
        write_log(tmp_path, step)
        clock[0] += 30
        feed.forward(ended=False)
    assert capsys.readouterr().out.count("the server answered 503") == 1
    mlflow.refusal = 0
    clock[0] += 90
    feed.forward(ended=False)
    assert mlflow.list_steps("train/loss") == list(range(2, 20, 2))


def test_asks_a_tracker_at_most_every_ten_seconds(tmp_path: Path, mlflow: FakeMlflow) -> None:
    clock = [0.0]
    feed = build_mlflow_feed(tmp_path, mlflow, clock)
    for step in (2, 4):
        write_log(tmp_path, step)
        feed.forward(ended=False)
    assert mlflow.list_steps("train/loss") == [2]
    clock[0] = 10
    feed.forward(ended=False)
    assert mlflow.list_steps("train/loss") == [2, 4]


def test_continues_after_an_event_file_that_a_killed_attempt_left_incomplete(tmp_path: Path) -> None:
    tracker = TensorBoardTracker(tmp_path, TAGS)
    tracker.send([Point(2, "train/loss", 5.0), Point(4, "train/loss", 4.0)])
    tracker.finish(succeeded=True)
    [path] = (tmp_path / "tensorboard").iterdir()
    path.write_bytes(path.read_bytes()[:-3])
    again = TensorBoardTracker(tmp_path, TAGS)
    assert again.open_run()["train/loss"] == 2
    again.send([Point(4, "train/loss", 4.0)])
    again.finish(succeeded=True)
    assert _list_steps(tmp_path, "train/loss") == [2, 4]


def test_reads_the_records_that_the_library_writes(tmp_path: Path) -> None:
    writer = RecordWriter(str(tmp_path / "records"))
    for record in (b"", b"one", b"x" * 300):
        writer.write(record)
    writer.close()
    assert list(_read_records((tmp_path / "records").read_bytes())) == [b"", b"one", b"x" * 300]


def test_only_the_first_node_tracks(tmp_path: Path) -> None:
    run = read_run_spec(Spec({**_build_spec(tmp_path), "tracker": TENSORBOARD}))
    write_log(tmp_path, 2)
    build_tracker_feed(run, {"PET_NODE_RANK": "1"}).finish(succeeded=True)
    assert not (tmp_path / "tensorboard").exists()
    build_tracker_feed(run, {}).finish(succeeded=True)
    assert _list_steps(tmp_path, "train/loss") == [2]


def test_names_what_is_wrong_with_a_tracker(tmp_path: Path) -> None:
    for tracker, problem in (
        ({"kind": "wandb", "tags": {}}, "spec.tracker.kind is 'wandb'; allowed: tensorboard, mlflow"),
        ({"kind": "mlflow", "experiment": "dev", "tags": TAGS}, "spec.tracker.address"),
        ({**_build_mlflow_spec("http://m"), "tags": {}}, "spec.tracker.tags lacks run"),
    ):
        with pytest.raises(InputError, match=problem):
            read_run_spec(Spec({**_build_spec(tmp_path), "tracker": tracker}))


def _build_spec(folder: Path) -> dict[str, object]:
    paths = {key: str(folder) for key in ("corpus", "model", "output")}
    return {**paths, "recipe": {}, "checkpoints": {"steps": [4]}}
