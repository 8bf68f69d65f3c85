"""Recipes: LLaMA-Factory's keys are kept, and every key that follows from the run is set."""

from dataclasses import replace
from pathlib import Path

import pytest

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.recipe import complete_recipe
from mixcpt_train.run_spec import RunSpec, read_run_spec
from mixcpt_train.training_node import read_training_node

RUN = RunSpec(Path("/store/corpora/c"), Path("/store/models/m"), Path("/store/runs/r"), {"stage": "pt"}, 10)
SCRATCH = Path("/tmp/scratch")


def test_without_a_checkpoint_resuming_is_switched_off_explicitly() -> None:
    recipe = complete_recipe(RUN, read_training_node({}, True), on_cpu=True, checkpoint=None, scratch=SCRATCH)
    assert recipe["resume_from_checkpoint"] is False
    assert recipe["use_cpu"] is True
    assert recipe["stage"] == "pt"
    assert recipe["output_dir"] == "/store/runs/r"


def test_a_checkpoint_is_given_as_an_absolute_path() -> None:
    checkpoint = Path("/store/runs/r/checkpoint-5")
    recipe = complete_recipe(RUN, read_training_node({}, True), on_cpu=True, checkpoint=checkpoint, scratch=SCRATCH)
    assert recipe["resume_from_checkpoint"] == "/store/runs/r/checkpoint-5"


def test_several_cpu_nodes_communicate_through_gloo() -> None:
    variables = {"PET_NNODES": "2", "PET_MASTER_ADDR": "first", "PET_MASTER_PORT": "1"}
    recipe = complete_recipe(RUN, read_training_node(variables, True), on_cpu=True, checkpoint=None, scratch=SCRATCH)
    assert recipe["ddp_backend"] == "gloo"


def test_a_tokenized_corpus_is_used_instead_of_tokenizing_again() -> None:
    run = replace(RUN, tokenized=Path("/store/tokenised/t"))
    recipe = complete_recipe(run, read_training_node({}, True), on_cpu=True, checkpoint=None, scratch=SCRATCH)
    assert recipe["tokenized_path"] == "/store/tokenised/t/dataset"
    assert "tokenized_path" not in complete_recipe(
        RUN, read_training_node({}, True), on_cpu=True, checkpoint=None, scratch=SCRATCH
    )


def test_rejects_keys_that_follow_from_the_run() -> None:
    spec = Spec({"corpus": "/c", "model": "/m", "output": "/o", "recipe": {"output_dir": "/x"}, "finalCheckpoint": 1})
    with pytest.raises(InputError, match="spec.recipe.output_dir must not be set"):
        read_run_spec(spec)


def test_rejects_a_misspelled_key() -> None:
    spec = Spec({"corpus": "/c", "model": "/m", "output": "/o", "recipe": {}, "finalCheckpont": 1})
    with pytest.raises(InputError, match="did you mean finalCheckpoint"):
        read_run_spec(spec)


def test_the_final_checkpoint_is_a_step_or_the_word_last() -> None:
    paths = {"corpus": "/c", "model": "/m", "output": "/o", "recipe": {}}
    assert read_run_spec(Spec({**paths, "finalCheckpoint": "last"})).final_checkpoint is None
    assert read_run_spec(Spec({**paths, "finalCheckpoint": 500})).final_checkpoint == 500
    with pytest.raises(InputError, match='finalCheckpoint is "first"; it must be'):
        read_run_spec(Spec({**paths, "finalCheckpoint": "first"}))
