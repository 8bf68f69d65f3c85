"""Missing files of a checkpoint: absent ones and those that end before their own structure says."""

import builtins
import errno
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from checkpoint_fixture import truncate_file, write_checkpoint, write_safetensors, write_zero3_checkpoint

from mixcpt_store.presence import is_file
from mixcpt_train import checkpoint_files
from mixcpt_train.checkpoint_files import find_missing_files


def _find_missing(
    folder: Path, *, world_size: int | None = 1, weights_only: bool = False, deepspeed: bool = False
) -> list[str]:
    return find_missing_files(folder, weights_only=weights_only, deepspeed=deepspeed, world_size=world_size)


def test_an_intact_checkpoint_has_no_missing_files(tmp_path: Path) -> None:
    assert _find_missing(write_checkpoint(tmp_path / "checkpoint-5")) == []


REQUIRED_FILES = [
    "config.json",
    "trainer_state.json",
    "model.safetensors",
    "optimizer.pt",
    "scheduler.pt",
    "rng_state.pth",
]


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_each_file_is_required(name: str, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / name).unlink()
    assert _find_missing(folder) == [name]


@pytest.mark.parametrize("name", REQUIRED_FILES)
@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EACCES])
def test_a_file_that_the_store_cannot_read_now_is_not_missing(
    name: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    real = io.open

    def fail(path: Any, *arguments: Any, **options: Any) -> Any:
        if Path(path).name == name:
            raise OSError(number, os.strerror(number), str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(io, "open", fail)  # of Path.open
    monkeypatch.setattr(builtins, "open", fail)  # of zipfile
    with pytest.raises(OSError, match=os.strerror(number)):
        _find_missing(folder)


def test_a_checkpoint_that_another_node_removes_meanwhile_lacks_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2)

    def remove_afterwards(path: Path) -> bool:
        found = is_file(path)
        if path.name == "latest" and found:
            folder.rename(tmp_path / "removed")
        return found

    monkeypatch.setattr(checkpoint_files, "is_file", remove_afterwards)
    assert "latest" in _find_missing(folder, world_size=2, deepspeed=True)


@pytest.mark.parametrize("name", ["model.safetensors", "optimizer.pt", "rng_state.pth"])
def test_a_truncated_file_counts_as_missing(name: str, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    truncate_file(folder / name)
    assert _find_missing(folder) == [name]


def test_truncated_json_counts_as_missing(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / "trainer_state.json").write_text('{"global_step": ')
    assert _find_missing(folder) == ["trainer_state.json"]


def test_the_random_state_of_every_rank_is_required(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    assert _find_missing(folder, world_size=2) == []
    (folder / "rng_state_1.pth").unlink()
    assert _find_missing(folder, world_size=2) == ["rng_state_1.pth"]


def test_all_shards_of_the_weights_are_required(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    (folder / "model.safetensors").unlink()
    shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    index = {"weight_map": {"a": shards[0], "b": shards[1]}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    write_safetensors(folder / shards[0])
    assert _find_missing(folder) == [shards[1]]


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
def test_an_intact_zero_3_checkpoint_has_no_missing_files(tmp_path: Path, bf16: bool) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2, bf16=bf16)
    assert _find_missing(folder, world_size=2, deepspeed=True) == []


@pytest.mark.parametrize("name", ZERO3_FILES)
def test_zero_3_requires_both_shares_of_every_rank(tmp_path: Path, name: str) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    (folder / name).unlink()
    missing = _find_missing(folder, world_size=2, deepspeed=True)
    assert missing
    if name != "latest":
        assert missing == [name.replace("bf16_", "")]


def test_a_truncated_share_counts_as_missing(tmp_path: Path) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    truncate_file(folder / ZERO3_FILES[-1])
    assert _find_missing(folder, world_size=2, deepspeed=True) == [ZERO3_FILES[-1]]


def test_zero_3_reports_the_shares_of_a_rank_that_has_not_saved_yet(tmp_path: Path) -> None:
    folder = write_zero3_checkpoint(tmp_path / "checkpoint-5", ranks=2)
    assert _find_missing(folder, world_size=3, deepspeed=True) == [
        "rng_state_2.pth",
        "global_step5/zero_pp_rank_2_mp_rank_00_model_states.pt",
        "global_step5/zero_pp_rank_2_mp_rank_00_optim_states.pt",
    ]


def test_only_weights_are_required_if_only_weights_are_saved(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    for name in ("optimizer.pt", "scheduler.pt", "rng_state.pth"):
        (folder / name).unlink()
    assert _find_missing(folder, weights_only=True) == []


def test_zero_2_requires_the_whole_weights_and_the_optimizer_of_every_rank(tmp_path: Path) -> None:
    checkpoint = write_zero3_checkpoint(tmp_path / "checkpoint-5", 2)
    step = checkpoint / "global_step5"
    (step / "zero_pp_rank_0_mp_rank_00_model_states.pt").rename(step / "mp_rank_00_model_states.pt")
    (step / "zero_pp_rank_1_mp_rank_00_model_states.pt").unlink()
    assert find_missing_files(checkpoint, weights_only=False, deepspeed=True, world_size=2) == []
    (step / "bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt").unlink()
    assert find_missing_files(checkpoint, weights_only=False, deepspeed=True, world_size=2) == [
        "global_step5/zero_pp_rank_1_mp_rank_00_optim_states.pt"
    ]
    truncate_file(step / "mp_rank_00_model_states.pt")
    assert "global_step5/mp_rank_00_model_states.pt" in find_missing_files(
        checkpoint, weights_only=False, deepspeed=True, world_size=2
    )
