"""Resuming from marked, intact checkpoints only, and marking checkpoints that no longer change."""

import errno
import os
from pathlib import Path

import pytest
from checkpoint_fixture import write_checkpoint, write_zero3_checkpoint
from store_fixture import fail_listing, make_unreadable

from mixcpt_store.complete import is_complete, mark_complete
from mixcpt_store.errors import RetryableError
from mixcpt_train import checkpoint_checksums
from mixcpt_train import checkpoints as checkpoints_module
from mixcpt_train.attempt import plan_attempt
from mixcpt_train.attempt_preparation import leave_out_damaged
from mixcpt_train.checkpoint_checksums import build_summary, find_changed_files
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.run_spec import CheckpointPlan
from mixcpt_train.training_node import TrainingNode


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


def test_an_old_checkpoint_that_cannot_be_read_keeps_nothing_from_resuming(tmp_path: Path) -> None:
    for step in (5, 10):
        mark_complete(write_checkpoint(tmp_path / f"checkpoint-{step}"))
    make_unreadable(tmp_path / "checkpoint-5" / "trainer_state.json")
    assert Checkpoints(tmp_path).find_resumable() == tmp_path / "checkpoint-10"
    with pytest.raises(OSError, match="Input/output error"):
        Checkpoints(tmp_path).find_resumable(before=10)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_run_whose_folder_cannot_be_listed_does_not_start_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    mark_complete(write_checkpoint(tmp_path / "checkpoint-5"))
    fail_listing(monkeypatch, tmp_path, number)
    with pytest.raises(OSError, match=os.strerror(number)):
        plan_attempt(Checkpoints(tmp_path), CheckpointPlan(steps=()))


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


def test_a_checkpoint_that_cannot_be_read_keeps_no_other_from_its_marker(tmp_path: Path) -> None:
    unreadable, readable = (write_checkpoint(tmp_path / f"checkpoint-{step}") for step in (5, 10))
    make_unreadable(unreadable / "trainer_state.json")
    checkpoints = Checkpoints(tmp_path, world_size=1)
    assert checkpoints.mark_finished(training_ended=True) == [readable]
    with pytest.raises(OSError, match="Input/output error"):
        checkpoints.mark_finished(training_ended=True)


def test_never_marks_a_checkpoint_with_a_missing_file(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / "rng_state.pth").unlink()
    assert Checkpoints(tmp_path, world_size=1).mark_finished(training_ended=True) == []


def _flip_bit(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def _finish(checkpoints: Checkpoints) -> None:
    for path in checkpoints.mark_finished(training_ended=True):
        checkpoints.add_checksums(path)


# The positions are in the values, not in what describes them: the structure stays intact.
@pytest.mark.parametrize(
    ("name", "position"),
    [("model.safetensors", -10), ("optimizer.pt", 60), ("rng_state.pth", 60)],
)
def test_does_not_resume_from_a_checkpoint_in_which_a_bit_flipped(tmp_path: Path, name: str, position: int) -> None:
    for step in (5, 10):
        write_checkpoint(tmp_path / f"checkpoint-{step}")
    checkpoints = Checkpoints(tmp_path, world_size=1)
    _finish(checkpoints)
    _flip_bit(tmp_path / "checkpoint-10" / name, position)
    assert checkpoints.find_damaged() == {tmp_path / "checkpoint-10": [name]}
    assert checkpoints.find_resumable() == tmp_path / "checkpoint-5"
    assert checkpoints.list_unfinished(CheckpointPlan(steps=(5, 10))) == [10]
    assert checkpoints.remove_incomplete() == [tmp_path / "checkpoint-10"]


def test_reads_only_the_newest_checkpoint_if_it_is_intact(tmp_path: Path) -> None:
    for step in (5, 10):
        write_checkpoint(tmp_path / f"checkpoint-{step}")
    checkpoints = Checkpoints(tmp_path, world_size=1)
    _finish(checkpoints)
    _flip_bit(tmp_path / "checkpoint-5" / "optimizer.pt", 60)
    assert checkpoints.find_damaged() == {}


def test_resumes_from_a_checkpoint_whose_marker_has_no_checksums(tmp_path: Path) -> None:
    mark_complete(write_checkpoint(tmp_path / "checkpoint-5"), {"step": 5})
    checkpoints = Checkpoints(tmp_path)
    assert checkpoints.find_damaged() == {}
    assert checkpoints.find_resumable() == tmp_path / "checkpoint-5"


def test_a_store_that_fails_while_it_is_read_damages_no_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path / "checkpoint-5")
    checkpoints = Checkpoints(tmp_path, world_size=1)
    _finish(checkpoints)

    def fail(*_arguments: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(checkpoint_checksums, "_compute_checksum", fail)
    with pytest.raises(OSError, match="Input/output error"):
        checkpoints.find_damaged()
    assert checkpoints.remove_incomplete() == []


def test_a_folder_of_a_checkpoint_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=1)
    checkpoints = Checkpoints(tmp_path, deepspeed=True, world_size=1)
    with monkeypatch.context() as failing:
        fail_listing(failing, path / "global_step5", errno.EIO)
        for _ in range(2):  # its files would look as if they had stopped to change
            with pytest.raises(OSError, match="Input/output error"):
                checkpoints.mark_finished(training_ended=False)
        with pytest.raises(OSError, match="Input/output error"):
            mark_complete(path)
        with pytest.raises(OSError, match="Input/output error"):
            build_summary(path, 5)
    assert not is_complete(path)
    assert checkpoints.mark_finished(training_ended=True) == [path]


def test_checksums_that_cannot_be_read_are_not_taken_for_missing_ones(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "checkpoint-5")
    _finish(Checkpoints(tmp_path, world_size=1))
    make_unreadable(path / "COMPLETE")
    with pytest.raises(OSError, match="Input/output error"):
        find_changed_files(path)


def test_a_checkpoint_is_complete_before_its_checksums_are_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_checkpoint(tmp_path / "checkpoint-5")

    def end_pod(*_arguments: object) -> None:
        raise SystemExit

    monkeypatch.setattr(checkpoints_module, "build_summary", end_pod)
    checkpoints = Checkpoints(tmp_path, world_size=1)
    with pytest.raises(SystemExit):
        _finish(checkpoints)
    assert Checkpoints(tmp_path, world_size=1).find_resumable() == path


def test_trusts_what_is_not_read_in_time(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "checkpoint-5")
    _finish(Checkpoints(tmp_path, world_size=1))
    _flip_bit(path / "optimizer.pt", 60)
    assert find_changed_files(path) == ["optimizer.pt"]
    assert find_changed_files(path, seconds=-1) == []


def test_all_nodes_start_again_after_the_first_has_found_a_damaged_checkpoint(tmp_path: Path) -> None:
    for step in (5, 10):
        write_checkpoint(tmp_path / f"checkpoint-{step}")
    _finish(Checkpoints(tmp_path, world_size=1))
    _flip_bit(tmp_path / "checkpoint-10" / "optimizer.pt", 60)
    first, second = (TrainingNode(nodes=2, rank=rank, processes=1, environment={}) for rank in (0, 1))
    leave_out_damaged(Checkpoints(tmp_path, world_size=1), second)
    with pytest.raises(RetryableError, match="all nodes start again"):
        leave_out_damaged(Checkpoints(tmp_path, world_size=1), first)
    leave_out_damaged(Checkpoints(tmp_path, world_size=1), first)
    assert Checkpoints(tmp_path, world_size=1).find_resumable() == tmp_path / "checkpoint-5"
