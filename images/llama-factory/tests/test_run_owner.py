"""Two attempts at one run: the newer one owns its folder, and the older one ends without writing there again."""

import socket
from pathlib import Path

import pytest
from checkpoint_fixture import write_checkpoint, write_marked_checkpoints
from store_fixture import make_unreadable
from training_fixture import run_training, start_training
from wait_fixture import wait_until

from mixcpt_store import complete
from mixcpt_store.complete import is_complete
from mixcpt_store.errors import InputError
from mixcpt_train import checkpoints as checkpoints_module
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.finish import finish_run
from mixcpt_train.run_owner import RunOwner
from mixcpt_train.run_spec import CheckpointPlan, RunSpec
from mixcpt_train.training_process import build_checkpoint_keeper


def _claim(run: Path) -> Checkpoints:
    checkpoints = Checkpoints(run, world_size=1)
    checkpoints.owner.claim()
    return checkpoints


def test_an_older_attempt_that_still_trains_ends_for_good_and_the_newer_one_finishes_the_run(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2}
    older = start_training(store, {**recipe, "hang_at": 4}, final=10)
    wait_until(lambda: is_complete(store / "run" / "checkpoint-2"), older)
    code, output, errors = run_training(store, {**recipe, "step_seconds": 0.5}, final=10)
    _, older_errors = older.communicate(timeout=60)
    assert (code, errors) == (0, "")
    assert "resuming from checkpoint-" in output
    assert older.returncode == 2
    assert f"{store / 'run'}: pod {socket.gethostname()} (process " in older_errors
    assert "trains this run now, so that this older attempt ends" in older_errors
    assert is_complete(store / "run")


def test_a_checkpoint_that_another_attempt_may_write_by_now_is_not_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = _claim(tmp_path)
    write_checkpoint(tmp_path / "checkpoint-5")
    monkeypatch.setattr(checkpoints_module, "flush_to_disk", lambda _: RunOwner(tmp_path).claim())
    assert older.mark_finished(training_ended=True) == []
    assert not is_complete(tmp_path / "checkpoint-5")


def test_checksums_do_not_mark_a_folder_that_another_attempt_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = _claim(tmp_path)
    path = write_checkpoint(tmp_path / "checkpoint-5")
    monkeypatch.setattr(checkpoints_module, "build_summary", lambda *_: RunOwner(tmp_path).claim())
    older.add_checksums(path)
    assert not is_complete(path)


def test_an_older_attempt_marks_and_removes_nothing(tmp_path: Path) -> None:
    older = _claim(tmp_path)
    write_marked_checkpoints(tmp_path, 5, 10, 15)
    write_checkpoint(tmp_path / "checkpoint-20")
    newer = _claim(tmp_path)
    build_checkpoint_keeper(older, CheckpointPlan((20,)))(True)
    assert not is_complete(tmp_path / "checkpoint-20")
    assert is_complete(tmp_path / "checkpoint-5")
    build_checkpoint_keeper(newer, CheckpointPlan((20,)))(True)
    assert is_complete(tmp_path / "checkpoint-20")
    assert not (tmp_path / "checkpoint-5").exists()


def test_an_older_attempt_does_not_mark_the_run(tmp_path: Path) -> None:
    older = _claim(tmp_path)
    write_marked_checkpoints(tmp_path, 20)
    run = RunSpec(tmp_path, tmp_path, tmp_path, {}, CheckpointPlan((20,)))
    RunOwner(tmp_path).claim()
    with pytest.raises(InputError, match="trains this run now"):
        finish_run(run, older, lambda _: None)
    assert not is_complete(tmp_path)


def test_a_run_that_another_attempt_claims_while_its_files_are_flushed_is_not_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = _claim(tmp_path)
    write_marked_checkpoints(tmp_path, 20)
    run = RunSpec(tmp_path, tmp_path, tmp_path, {}, CheckpointPlan((20,)))

    def claim_and_list(_folder: Path) -> list[tuple[Path, list[Path]]]:
        RunOwner(tmp_path).claim()
        return []

    monkeypatch.setattr(complete, "walk_folders", claim_and_list)
    with pytest.raises(InputError, match="trains this run now"):
        finish_run(run, older, lambda _: None)
    assert not is_complete(tmp_path)


def test_a_claim_that_cannot_be_read_now_ends_no_training(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoints = _claim(tmp_path)
    write_checkpoint(tmp_path / "checkpoint-5")
    keep = build_checkpoint_keeper(checkpoints, CheckpointPlan((5,)))
    path = tmp_path / "owner.json"
    text = path.read_text()
    make_unreadable(path)
    keep(True)
    assert "a checkpoint cannot be marked now" in capsys.readouterr().out
    checkpoints.owner.require()
    path.unlink()
    path.write_text(text)
    keep(True)
    assert is_complete(tmp_path / "checkpoint-5")


def test_a_claim_that_is_gone_ends_no_training(tmp_path: Path) -> None:
    owner = _claim(tmp_path).owner
    (tmp_path / "owner.json").unlink()
    owner.require_now()


def test_the_claim_from_before_its_own_ends_no_training(tmp_path: Path) -> None:
    path = tmp_path / "owner.json"
    older = _claim(tmp_path).owner
    former = path.read_text()
    newer = _claim(tmp_path).owner
    path.write_text(former)  # as after a crash of a server that had not written the newer one to its disk
    newer.require_now()
    RunOwner(tmp_path).claim()
    with pytest.raises(InputError, match="trains this run now"):
        newer.require_now()
    with pytest.raises(InputError, match="trains this run now"):
        older.require_now()


def test_a_node_that_has_claimed_nothing_is_never_replaced(tmp_path: Path) -> None:
    other_node = RunOwner(tmp_path)
    RunOwner(tmp_path).claim()
    other_node.require_now()


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}"])
def test_a_claim_in_another_form_is_one_of_another_attempt(tmp_path: Path, text: str) -> None:
    owner = _claim(tmp_path).owner
    (tmp_path / "owner.json").write_text(text)
    with pytest.raises(InputError, match="another attempt trains this run now"):
        owner.require_now()
