"""Translation of Kubeflow Trainer's variables for LLaMA-Factory; torchrun is forced for more than one rank."""

import sys

import pytest

from mixcpt_store.errors import InputError
from mixcpt_train.training_node import read_training_node

TWO_NODES = {
    "PET_NNODES": "2",
    "PET_NODE_RANK": "1",
    "PET_NPROC_PER_NODE": "auto",
    "PET_MASTER_ADDR": "run-node-0-0.run",
    "PET_MASTER_PORT": "29500",
}


def test_two_nodes_form_one_world() -> None:
    node = read_training_node(TWO_NODES, on_cpu=True)
    assert node.environment == {
        "NNODES": "2",
        "NODE_RANK": "1",
        "NPROC_PER_NODE": "1",
        "MASTER_ADDR": "run-node-0-0.run",
        "MASTER_PORT": "29500",
        "RANK": "1",
        "WORLD_SIZE": "2",
        "LOCAL_RANK": "0",
        "LOCAL_WORLD_SIZE": "1",
    }
    assert node.world_size == 2
    assert not node.is_first


def test_one_node_on_a_cpu_needs_no_torchrun() -> None:
    node = read_training_node({"PET_NNODES": "1", "PET_NODE_RANK": "0", "PET_NPROC_PER_NODE": "auto"}, on_cpu=True)
    assert "FORCE_TORCHRUN" not in node.environment
    assert node.world_size == 1


def test_deepspeed_uses_torchrun_even_on_one_device() -> None:
    for on_cpu in (True, False):
        node = read_training_node({"PET_NPROC_PER_NODE": "1"}, on_cpu=on_cpu, deepspeed=True)
        assert node.environment["FORCE_TORCHRUN"] == "1"


def test_torchrun_starts_ranks_with_the_interpreter_that_has_llama_factory() -> None:
    assert read_training_node(TWO_NODES, on_cpu=False).environment["PYTHON_EXEC"] == sys.executable


def test_llama_factory_counts_the_processes_on_gpus() -> None:
    node = read_training_node(TWO_NODES, on_cpu=False)
    assert "NPROC_PER_NODE" not in node.environment
    assert node.environment["FORCE_TORCHRUN"] == "1"
    assert node.world_size is None


def test_keeps_an_explicit_number_of_processes() -> None:
    node = read_training_node({**TWO_NODES, "PET_NPROC_PER_NODE": "8"}, on_cpu=False)
    assert node.environment["NPROC_PER_NODE"] == "8"
    assert node.world_size == 16


def test_several_nodes_require_the_address_of_the_first() -> None:
    with pytest.raises(InputError, match="PET_NNODES is 2 but PET_MASTER_ADDR and PET_MASTER_PORT are not set"):
        read_training_node({"PET_NNODES": "2"}, on_cpu=True)
