"""Recipes: LLaMA-Factory's keys pass through; what follows from the run is never left to chance."""

from dataclasses import replace
from pathlib import Path

import pytest

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.cluster import this_node
from mixcpt_train.recipe import complete_recipe
from mixcpt_train.run_spec import RunSpec, read_run_spec

RUN = RunSpec(Path("/store/corpora/c"), Path("/store/models/m"), Path("/store/runs/r"), {"stage": "pt"}, 10)
SCRATCH = Path("/tmp/scratch")


def test_without_a_checkpoint_resuming_is_switched_off_and_not_left_open() -> None:
    recipe = complete_recipe(RUN, this_node({}, True), on_cpu=True, checkpoint=None, scratch=SCRATCH)
    assert recipe["resume_from_checkpoint"] is False
    assert recipe["use_cpu"] is True
    assert recipe["stage"] == "pt"
    assert recipe["output_dir"] == "/store/runs/r"


def test_a_checkpoint_is_named_in_full() -> None:
    checkpoint = Path("/store/runs/r/checkpoint-5")
    recipe = complete_recipe(RUN, this_node({}, True), on_cpu=True, checkpoint=checkpoint, scratch=SCRATCH)
    assert recipe["resume_from_checkpoint"] == "/store/runs/r/checkpoint-5"


def test_several_cpu_nodes_talk_through_gloo() -> None:
    variables = {"PET_NNODES": "2", "PET_MASTER_ADDR": "first", "PET_MASTER_PORT": "1"}
    recipe = complete_recipe(RUN, this_node(variables, True), on_cpu=True, checkpoint=None, scratch=SCRATCH)
    assert recipe["ddp_backend"] == "gloo"


def test_a_tokenised_corpus_is_read_instead_of_being_tokenised_again() -> None:
    run = replace(RUN, tokenised=Path("/store/tokenised/t"))
    recipe = complete_recipe(run, this_node({}, True), on_cpu=True, checkpoint=None, scratch=SCRATCH)
    assert recipe["tokenized_path"] == "/store/tokenised/t/dataset"
    assert "tokenized_path" not in complete_recipe(
        RUN, this_node({}, True), on_cpu=True, checkpoint=None, scratch=SCRATCH
    )


def test_keys_that_follow_from_the_run_are_refused() -> None:
    spec = Spec({"corpus": "/c", "model": "/m", "output": "/o", "recipe": {"output_dir": "/x"}, "finalCheckpoint": 1})
    with pytest.raises(InputError, match="spec.recipe.output_dir must not be set"):
        read_run_spec(spec)


def test_a_misspelt_key_is_refused() -> None:
    spec = Spec({"corpus": "/c", "model": "/m", "output": "/o", "recipe": {}, "finalCheckpont": 1})
    with pytest.raises(InputError, match="did you mean finalCheckpoint"):
        read_run_spec(spec)


def test_a_final_checkpoint_is_a_step_or_the_last() -> None:
    paths = {"corpus": "/c", "model": "/m", "output": "/o", "recipe": {}}
    assert read_run_spec(Spec({**paths, "finalCheckpoint": "last"})).final_checkpoint is None
    assert read_run_spec(Spec({**paths, "finalCheckpoint": 500})).final_checkpoint == 500
    with pytest.raises(InputError, match='finalCheckpoint is "first"; it must be'):
        read_run_spec(Spec({**paths, "finalCheckpoint": "first"}))
