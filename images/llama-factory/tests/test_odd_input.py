"""Odd input of a training run ends in a message or is left out; it never ends the supervisor with a traceback."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from checkpoint_fixture import write_checkpoint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixcpt_store.errors import InputError
from mixcpt_store.loss_log import TRAINER_LOG_FILE
from mixcpt_store.spec import Spec
from mixcpt_train import checkpoints as checkpoints_module
from mixcpt_train.checkpoint_files import find_missing_files
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.recipe_check import check_recipes
from mixcpt_train.run_spec import CheckpointPlan, RunSpec, read_run_spec
from mixcpt_train.sequence_counts import require_enough_sequences
from mixcpt_train.trainer_log import TrainerLog
from mixcpt_train.training_node import read_training_node
from mixcpt_train.training_process import start_process

ODD_INPUT = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
ODD_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ODD_VALUES = st.recursive(
    ODD_SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
RECIPE_KEYS = [
    "num_train_epochs", "per_device_train_batch_size", "gradient_accumulation_steps", "max_steps", "save_strategy",
    "deepspeed", "output_dir",
]  # fmt: skip
RECIPES = st.dictionaries(st.sampled_from(RECIPE_KEYS), ODD_VALUES | st.integers(1, 8), max_size=4)
VARIABLES = ["PET_NNODES", "PET_NODE_RANK", "PET_NPROC_PER_NODE", "PET_MASTER_ADDR", "PET_MASTER_PORT"]


def build_odd_run(tokenized: Path, recipe: dict[str, Any]) -> RunSpec:
    return RunSpec(Path("/c"), Path("/m"), Path("/o"), recipe, CheckpointPlan((10,)), tokenized)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PET_NNODES": "0"}, "PET_NNODES is '0'; it must be a whole number of at least 1"),
        ({"PET_NNODES": "²"}, "PET_NNODES is '²'; it must be a whole number"),
        ({"PET_NODE_RANK": "1"}, "PET_NODE_RANK is 1; it must be below PET_NNODES, which is 1"),
        ({"PET_NPROC_PER_NODE": "0"}, "PET_NPROC_PER_NODE is '0'; it must be a whole number of at least 1"),
        ({"PET_NPROC_PER_NODE": "eight"}, "PET_NPROC_PER_NODE is 'eight'"),
    ],
)
def test_names_a_variable_of_the_trainer_that_is_not_a_number_in_its_range(
    variables: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_training_node(variables, on_cpu=True)


@pytest.mark.parametrize("word", ["auto", "gpu", "cpu"])
def test_leaves_the_number_of_processes_to_llama_factory_for_a_word_of_torchrun(word: str) -> None:
    assert read_training_node({"PET_NPROC_PER_NODE": word}, on_cpu=False).processes is None


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ({"num_train_epochs": 0}, r"spec\.recipe\.num_train_epochs is 0; it must be more than 0"),
        ({"num_train_epochs": "3"}, r"spec\.recipe\.num_train_epochs is '3'; it must be a number"),
        ({"per_device_train_batch_size": None}, r"spec\.recipe\.per_device_train_batch_size is None"),
        ({"max_steps": "many"}, r"spec\.recipe\.max_steps is 'many'; it must be a number"),
    ],
)
def test_names_a_number_of_the_recipe_that_cannot_be_used(tmp_path: Path, recipe: dict[str, Any], message: str) -> None:
    (tmp_path / "STATS.json").write_text('{"sequences": {"train": 640}}')
    with pytest.raises(InputError, match=message):
        require_enough_sequences(build_odd_run(tmp_path, recipe), processes=1)


@pytest.mark.parametrize("content", ["", "[]", '{"sequences": 5}', '{"sequences": {"train": "many"}}'])
def test_names_damaged_statistics_of_the_corpus(tmp_path: Path, content: str) -> None:
    (tmp_path / "STATS.json").write_text(content)
    with pytest.raises(InputError, match=r"STATS\.json: (not the statistics|sequences\.train is 'many')"):
        require_enough_sequences(build_odd_run(tmp_path, {}), processes=1)


def test_leaves_out_losses_that_are_not_numbers(tmp_path: Path) -> None:
    log = TrainerLog(tmp_path)
    losses = ["NaN", "Infinity", '"x"', "true", "2.5"]
    lines = [f'{{"current_steps": {step}, "total_steps": 9, "loss": {loss}}}' for step, loss in enumerate(losses)]
    (tmp_path / TRAINER_LOG_FILE).write_text(
        "\n".join([*lines, '{"current_steps": 1e999, "total_steps": 1}', "[]", ""])
    )
    assert [(entry.step, entry.loss) for entry in log.read_new_entries()] == [
        (0, None), (1, None), (2, None), (3, None), (4, 2.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"weight_map": []}', '{"weight_map": {"a": 5}}', '{"weight_map": {}}']
)
def test_takes_a_damaged_index_of_weights_for_missing_weights(tmp_path: Path, content: str) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(content)
    missing = find_missing_files(tmp_path, weights_only=True, deepspeed=False, world_size=1)
    assert any("index.json" in name or name == "5" for name in missing)


@pytest.mark.parametrize("header", [b"[]", b'{"a": 5}', b'{"a": {}}', b'{"a": {"data_offsets": [0]}}', b"\xff"])
def test_takes_a_damaged_header_of_weights_for_missing_weights(tmp_path: Path, header: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    assert "model.safetensors" in find_missing_files(tmp_path, weights_only=True, deepspeed=False, world_size=1)


def test_continues_when_the_trainer_removes_a_checkpoint_that_is_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path / "checkpoint-2")
    run = Checkpoints(tmp_path)

    def lose_file(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(checkpoints_module, "flush_to_disk", lose_file)
    assert run.mark_finished(training_ended=True) == []
    (tmp_path / "checkpoint-²").mkdir()
    assert [path.name for path in run.list_folders()] == ["checkpoint-2"]


def test_names_the_image_when_the_trainer_is_not_installed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no-such-cli: cannot be started \(No such file.*image llama-factory"):
        start_process(["no-such-cli"], {"PATH": "/usr/bin"}, tmp_path)


@pytest.mark.parametrize("error", [KeyError("zero_optimization"), AttributeError("x"), RuntimeError(), OSError("y")])
def test_names_the_recipe_after_any_exception_of_a_parser(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: object) -> None:
        raise error

    for name in ("llamafactory", "llamafactory.hparams", "llamafactory.hparams.parser"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["llamafactory.hparams.parser"].get_train_args = fail  # type: ignore[attr-defined]
    with pytest.raises(InputError, match=f"A: {type(error).__name__}: .*\n.*B: is 5; it must be a mapping"):
        check_recipes(Spec({"recipes": {"A": {}, "B": 5}}))


@ODD_INPUT
@given(value=st.dictionaries(st.sampled_from(["corpus", "model", "output", "recipe", "checkpoints"]), ODD_VALUES))
def test_reads_any_spec_of_a_run_or_names_what_is_wrong(value: dict[str, Any]) -> None:
    with suppress(InputError):
        read_run_spec(Spec(value))


@ODD_INPUT
@given(environment=st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=4) | st.sampled_from("0123")))
def test_reads_any_variables_or_names_what_is_wrong(environment: dict[str, str]) -> None:
    with suppress(InputError):
        read_training_node(environment, on_cpu=True)


@ODD_INPUT
@given(recipe=RECIPES, statistics=st.binary(max_size=20) | ODD_VALUES.map(lambda value: json.dumps(value).encode()))
def test_checks_any_recipe_and_statistics_or_names_what_is_wrong(
    tmp_path: Path, recipe: dict[str, Any], statistics: bytes
) -> None:
    (tmp_path / "STATS.json").write_bytes(statistics)
    with suppress(InputError):
        require_enough_sequences(build_odd_run(tmp_path, recipe), processes=2)
