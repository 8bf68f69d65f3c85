"""A checkpoint counts only when every file is there and ends where its own structure says."""

import json
from pathlib import Path

import pytest
from checkpoint_fixture import cut_short, write_checkpoint, write_safetensors, write_zero3_checkpoint

from mixcpt_train.checkpoint_files import missing_files


def _missing(
    folder: Path, *, world_size: int | None = 1, weights_only: bool = False, deepspeed: bool = False
) -> list[str]:
    return missing_files(folder, weights_only=weights_only, deepspeed=deepspeed, world_size=world_size)


def test_a_whole_checkpoint_misses_nothing(tmp_path: Path) -> None:
    assert _missing(write_checkpoint(tmp_path / "checkpoint-5")) == []


FILES = [
    "config.json",
    "trainer_state.json",
    "model.safetensors",
    "optimizer.pt",
    "scheduler.pt",
    "rng_state.pth",
]


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_needed(name: str, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / name).unlink()
    assert _missing(folder) == [name]


@pytest.mark.parametrize("name", ["model.safetensors", "optimizer.pt", "rng_state.pth"])
def test_a_file_that_is_cut_short_is_missing(name: str, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    cut_short(folder / name)
    assert _missing(folder) == [name]


def test_half_written_json_is_missing(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / "trainer_state.json").write_text('{"global_step": ')
    assert _missing(folder) == ["trainer_state.json"]


def test_every_rank_writes_its_random_state(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    assert _missing(folder, world_size=2) == []
    (folder / "rng_state_1.pth").unlink()
    assert _missing(folder, world_size=2) == ["rng_state_1.pth"]


def test_all_shards_of_the_weights_are_needed(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / "model.safetensors").unlink()
    shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    index = {"weight_map": {"a": shards[0], "b": shards[1]}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    write_safetensors(folder / shards[0])
    assert _missing(folder) == [shards[1]]


ZERO3_FILES = [
    "latest",
    "scheduler.pt",
    "rng_state_1.pth",
    "global_step5/zero_pp_rank_0_mp_rank_00_model_states.pt",
    "global_step5/zero_pp_rank_1_mp_rank_00_model_states.pt",
    "global_step5/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt",
    "global_step5/bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt",
]


@pytest.mark.parametrize("bf16", [True, False])
def test_a_whole_checkpoint_of_zero_3_misses_nothing(tmp_path: Path, bf16: bool) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2, bf16=bf16)
    assert _missing(folder, world_size=2, deepspeed=True) == []


@pytest.mark.parametrize("name", ZERO3_FILES)
def test_zero_3_needs_both_shares_of_every_rank_to_resume(tmp_path: Path, name: str) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    (folder / name).unlink()
    missing = _missing(folder, world_size=2, deepspeed=True)
    assert missing
    if name != "latest":
        assert missing == [name.replace("bf16_", "")]


def test_a_share_that_is_cut_short_is_missing(tmp_path: Path) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    cut_short(folder / ZERO3_FILES[-1])
    assert _missing(folder, world_size=2, deepspeed=True) == [ZERO3_FILES[-1]]


def test_zero_3_lacks_the_shares_of_a_rank_that_has_not_saved_yet(tmp_path: Path) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    assert _missing(folder, world_size=3, deepspeed=True) == [
        "rng_state_2.pth",
        "global_step5/zero_pp_rank_2_mp_rank_00_model_states.pt",
        "global_step5/zero_pp_rank_2_mp_rank_00_optim_states.pt",
    ]


def test_weights_alone_are_enough_where_only_they_are_saved(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    for name in ("optimizer.pt", "scheduler.pt", "rng_state.pth"):
        (folder / name).unlink()
    assert _missing(folder, weights_only=True) == []
