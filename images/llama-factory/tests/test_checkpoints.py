"""Resuming from marked, intact checkpoints only, and marking checkpoints that no longer change."""

from pathlib import Path

from checkpoint_fixture import write_checkpoint, write_zero3_checkpoint

from mixcpt_store.complete import is_complete, mark_complete
from mixcpt_train.checkpoints import Checkpoints


def test_resumes_from_the_newest_marked_checkpoint(tmp_path: Path) -> None:
    for step in (5, 10, 100):
        write_checkpoint(tmp_path / f"checkpoint-{step}")
    for step in (5, 10):
        mark_complete(tmp_path / f"checkpoint-{step}")
    assert Checkpoints(tmp_path).find_resumable() == tmp_path / "checkpoint-10"


def test_skips_a_marked_checkpoint_that_lost_files(tmp_path: Path) -> None:
    for step in (5, 10):
        mark_complete(write_checkpoint(tmp_path / f"checkpoint-{step}"))
    (tmp_path / "checkpoint-10" / "optimizer.pt").unlink()
    assert Checkpoints(tmp_path).find_resumable() == tmp_path / "checkpoint-5"


def test_skips_a_marked_checkpoint_without_the_weights_of_one_rank(tmp_path: Path) -> None:
    for step in (5, 10):
        mark_complete(write_zero3_checkpoint(tmp_path / f"checkpoint-{step}", ranks=2))
    checkpoints = Checkpoints(tmp_path, deepspeed=True, world_size=2)
    assert checkpoints.find_resumable() == tmp_path / "checkpoint-10"
    (tmp_path / "checkpoint-10/global_step10/zero_pp_rank_1_mp_rank_00_model_states.pt").unlink()
    assert checkpoints.find_resumable() == tmp_path / "checkpoint-5"


def test_skips_a_checkpoint_of_fewer_ranks_than_the_run_has(tmp_path: Path) -> None:
    mark_complete(write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2))
    assert Checkpoints(tmp_path, deepspeed=True, world_size=4).find_resumable() is None


def test_starts_from_the_beginning_if_no_checkpoint_is_marked(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "checkpoint-5")
    assert Checkpoints(tmp_path).find_resumable() is None


def test_removes_only_checkpoints_without_a_marker(tmp_path: Path) -> None:
    mark_complete(write_checkpoint(tmp_path / "checkpoint-5"))
    write_checkpoint(tmp_path / "checkpoint-10")
    (tmp_path / "trainer_log.jsonl").write_text("{}\n")
    assert Checkpoints(tmp_path).remove_incomplete() == [tmp_path / "checkpoint-10"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-5", "trainer_log.jsonl"]


def test_marks_a_checkpoint_once_it_no_longer_changes(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    checkpoints = Checkpoints(tmp_path, world_size=1)
    assert checkpoints.mark_finished(training_ended=False) == []
    (folder / "late.json").write_text("{}")
    assert checkpoints.mark_finished(training_ended=False) == []
    assert checkpoints.mark_finished(training_ended=False) == [folder]
    assert is_complete(folder)
    assert checkpoints.mark_finished(training_ended=False) == []


def test_marks_at_once_after_training_has_ended(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    assert Checkpoints(tmp_path, world_size=1).mark_finished(training_ended=True) == [folder]


def test_never_marks_a_checkpoint_with_a_missing_file(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / "rng_state.pth").unlink()
    assert Checkpoints(tmp_path, world_size=1).mark_finished(training_ended=True) == []
