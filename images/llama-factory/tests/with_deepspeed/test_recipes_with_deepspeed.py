"""The verb `check` with DeepSpeed's own parser: the study's recipes, and those that mixcpt:execution changes."""

import pytest
from deepspeed_fixture import read_recipes

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.recipe_check import check_recipes


@pytest.mark.parametrize("name", ["recipes.yaml", "execution-recipes.yaml"])
def test_llama_factory_and_deepspeed_accept_the_recipes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    recipes = read_recipes(name)
    check_recipes(Spec({"recipes": recipes}))
    assert f"LLaMA-Factory accepts {len(recipes)} recipes\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("execution", "setting", "value"),
    [("zero 2", "reduce_bucket_size", -1), ("zero 2", "bucket_size", 1), ("hpz", "zero_hpz_partition_size", "node")],
)
def test_deepspeed_rejects_a_setting_of_an_execution_that_is_wrong(execution: str, setting: str, value: object) -> None:
    name = f"L2-Mono-Alt, {execution}"
    recipe = read_recipes("execution-recipes.yaml")[name]
    recipe["deepspeed"]["zero_optimization"][setting] = value
    with pytest.raises(InputError, match=rf"(?s){name}: .*{setting}"):
        check_recipes(Spec({"recipes": {name: recipe}}))
