"""Recipes: LLaMA-Factory's keys are kept, and every key that follows from the run is set."""

from dataclasses import replace
from pathlib import Path

import pytest

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.recipe import complete_recipe
from mixcpt_train.run_spec import CheckpointPlan, RunSpec, read_run_spec
from mixcpt_train.training_node import read_training_node

PLAN = CheckpointPlan((10,))
PATHS = {"corpus": "/c", "model": "/m", "output": "/o"}
RUN = RunSpec(Path("/store/corpora/c"), Path("/store/models/m"), Path("/store/runs/r"), {"stage": "pt"}, PLAN)
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
    spec = Spec(
        {"corpus": "/c", "model": "/m", "output": "/o", "recipe": {"output_dir": "/x"}, "checkpoints": {"last": True}}
    )
    with pytest.raises(InputError, match="spec.recipe.output_dir must not be set"):
        read_run_spec(spec)


def test_rejects_a_misspelled_key() -> None:
    spec = Spec({"corpus": "/c", "model": "/m", "output": "/o", "recipe": {}, "checkpints": {}})
    with pytest.raises(InputError, match="did you mean checkpoints"):
        read_run_spec(spec)


@pytest.mark.parametrize(
    ("checkpoints", "plan"),
    [
        ({"last": True}, CheckpointPlan((), last=True)),
        ({"steps": [500, 100], "stop": True}, CheckpointPlan((100, 500), stops=True)),
        ({"steps": [100], "keepWeights": True}, CheckpointPlan((100,), keeps_weights=True)),
    ],
)
def test_reads_which_checkpoints_are_evaluated_and_kept(checkpoints: dict[str, object], plan: CheckpointPlan) -> None:
    assert read_run_spec(Spec({**PATHS, "recipe": {}, "checkpoints": checkpoints})).checkpoints == plan


@pytest.mark.parametrize(
    ("checkpoints", "problem"),
    [
        ({}, "spec.checkpoints.steps is empty"),
        ({"steps": [0]}, "every step must be 1 or more"),
        ({"steps": [5], "last": True, "stop": True}, "spec.checkpoints.stop is true"),
        ({"last": True, "stop": True}, "spec.checkpoints.stop is true"),
    ],
)
def test_rejects_checkpoints_that_contradict_each_other(checkpoints: dict[str, object], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        read_run_spec(Spec({**PATHS, "recipe": {}, "checkpoints": checkpoints}))


def test_leaves_the_removal_of_checkpoints_to_the_supervisor() -> None:
    with pytest.raises(InputError, match="recipe.save_total_limit must not be set"):
        read_run_spec(Spec({**PATHS, "recipe": {"save_total_limit": 2}, "checkpoints": {"last": True}}))
