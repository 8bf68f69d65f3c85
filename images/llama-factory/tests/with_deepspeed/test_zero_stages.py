"""Runs with ZeRO 2, ZeRO 3 and hpZ: their checkpoints, a resume after a kill, and what an evaluation loads."""

import shutil
from pathlib import Path

import pytest
from deepspeed_fixture import HPZ, Execution, Trainings
from export_fixture import build_export_spec, run_export_command, write_finished_run
from safetensors.torch import load_file
from small_training_fixture import read_weights
from start_ranks import KILL_VARIABLE

from mixcpt_evaluate.backends.transformers_backend import TransformersBackend
from mixcpt_store.complete import is_complete
from mixcpt_train.checkpoint_files import find_missing_files


def _list_files(checkpoint: Path) -> set[str]:
    return {path.name for path in checkpoint.rglob("*.pt*")}


def _list_expected(execution: str, ranks: int) -> set[str]:
    shares = [f"zero_pp_rank_{rank}_mp_rank_00" for rank in range(ranks)]
    weights = ["mp_rank_00"] if execution == "zero 2" else shares
    return {
        "scheduler.pt",
        *(f"rng_state_{rank}.pth" for rank in range(ranks)),
        *(f"bf16_{share}_optim_states.pt" for share in shares),
        *(f"{name}_model_states.pt" for name in weights),
    }


def test_a_checkpoint_has_the_files_of_its_stage(trainings: Trainings, whole_run: Path) -> None:
    execution = trainings.execution
    assert _list_files(whole_run / "checkpoint-12") == _list_expected(execution.name, execution.ranks)


def test_only_the_two_newest_checkpoints_keep_what_a_resume_reads(whole_run: Path) -> None:
    kept = {path.name for path in whole_run.glob("checkpoint-*")}
    assert kept == {"checkpoint-3", "checkpoint-7", "checkpoint-10", "checkpoint-12", "checkpoint-last"}
    for step in (3, 7):
        assert not _list_files(whole_run / f"checkpoint-{step}")
        assert not list((whole_run / f"checkpoint-{step}").glob("global_step*"))


def test_every_file_that_deepspeed_writes_is_needed_for_a_resume(
    trainings: Trainings, whole_run: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "checkpoint-12"
    shutil.copytree(whole_run / "checkpoint-12", copy)

    def find_missing() -> list[str]:
        ranks = trainings.execution.ranks
        return find_missing_files(copy, weights_only=False, deepspeed=True, world_size=ranks)

    assert find_missing() == []
    for file in copy.rglob("*.pt*"):
        content = file.read_bytes()
        file.write_bytes(content[:-10])
        assert find_missing() == [str(file.relative_to(copy))]
        file.unlink()
        assert find_missing() != []
        file.write_bytes(content)


def test_a_run_whose_rank_is_killed_ends_with_the_weights_of_one_that_nobody_kills(
    trainings: Trainings, whole_run: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    code, output = trainings.run(run, {KILL_VARIABLE: "7"})
    assert code != 0, output
    assert not is_complete(run)
    code, output = trainings.run(run)
    assert code == 0, output
    assert "resuming from checkpoint-7" in output
    for name in ("checkpoint-3", "checkpoint-7", "checkpoint-10", "checkpoint-last"):
        assert read_weights(run / name) == read_weights(whole_run / name)
    assert read_weights(run / "checkpoint-last") != read_weights(run / "checkpoint-3")


def test_an_evaluation_loads_the_export_of_a_checkpoint(whole_run: Path, tmp_path: Path) -> None:
    checkpoint = write_finished_run(tmp_path) / "checkpoint-4500"
    shutil.rmtree(checkpoint)
    shutil.copytree(whole_run / "checkpoint-12", checkpoint)
    spec = build_export_spec(tmp_path)
    done = run_export_command(spec)
    assert done.returncode == 0, done.stderr
    exported = Path(spec["output"])
    saved, loaded = load_file(checkpoint / "model.safetensors"), load_file(exported / "model.safetensors")
    assert {name: tensor.dtype for name, tensor in loaded.items()} == {name: t.dtype for name, t in saved.items()}
    assert all(tensor.equal(saved[name]) for name, tensor in loaded.items())
    (answer,) = TransformersBackend.load(exported, 1024).classify(["The text of row 1 is"], ["same", "longer"])
    assert answer in ("same", "longer")


@pytest.mark.parametrize("trainings", [HPZ], indirect=True, ids=[HPZ.name])
def test_hpz_computes_the_weights_of_stage_3(trainings: Trainings, whole_run: Path, tmp_path: Path) -> None:
    code, output = Trainings(trainings.inputs, Execution("zero 3", HPZ.ranks)).run(tmp_path / "run")
    assert code == 0, output
    for name in ("checkpoint-3", "checkpoint-last"):
        assert read_weights(tmp_path / "run" / name) == read_weights(whole_run / name)
