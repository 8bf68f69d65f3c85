"""Trainings with DeepSpeed on processors, with the settings that a stack's `mixcpt:execution` gives its recipes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from small_training_fixture import RECIPE, run_training

_LAUNCHER = Path(__file__).parent / "on_processors"
# The part of the tests mounts tests/rendered here.
RENDERED = Path("/rendered")
EVALUATED = {"steps": [3, 7], "last": True}


@dataclass(frozen=True)
class Execution:
    """`name` is that of the recipe in tests/rendered; `group` is the number of ranks that stand for a node with hpZ."""

    name: str
    ranks: int
    group: int | None = None


HPZ = Execution("hpz", 4, group=2)
EXECUTIONS = (Execution("zero 2", 2), Execution("zero 3", 2), HPZ)


def read_recipes(name: str) -> dict[str, dict[str, Any]]:
    recipes = yaml.safe_load((RENDERED / name).read_text())["recipes"]
    assert isinstance(recipes, dict)
    return recipes


@dataclass(frozen=True)
class Trainings:
    """Trainings of a small model with an execution, as a stack's runs have it."""

    inputs: Path
    execution: Execution

    def run(self, output: Path, variables: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Returns the exit code and the output of a training."""
        spec = {"output": str(output), "checkpoints": EVALUATED, "recipe": self._build_recipe()}
        done = run_training(self.inputs, spec, {**self._list_variables(), **(variables or {})})
        return done.returncode, done.stdout + done.stderr

    def _build_recipe(self) -> dict[str, Any]:
        rendered = read_recipes("execution-recipes.yaml")[f"L2-Mono-Alt, {self.execution.name}"]
        zero = dict(rendered["deepspeed"]["zero_optimization"])
        if self.execution.group:
            zero["zero_hpz_partition_size"] = self.execution.group
        deepspeed = {**rendered["deepspeed"], "zero_optimization": zero}
        return {**RECIPE, "deepspeed": deepspeed, "bf16": True, "use_cpu": False, "ddp_backend": "gloo"}

    def _list_variables(self) -> dict[str, str]:
        return {
            "PATH": f"{_LAUNCHER}:{os.environ['PATH']}",
            "PET_NPROC_PER_NODE": str(self.execution.ranks),
            "DS_ACCELERATOR": "cpu",
        }
