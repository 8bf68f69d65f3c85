"""The verb `check` with a stand-in for LLaMA-Factory's parser: what is refused, and in which words."""

import sys
from types import ModuleType

import pytest

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.check import check

KNOWN = {"stage", "deepspeed", "use_cpu", "model_name_or_path", "dataset", "dataset_dir", "output_dir"}


@pytest.fixture(autouse=True)
def parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_train_args(arguments: dict[str, object]) -> None:
        unknown = sorted(arguments.keys() - KNOWN)
        if unknown:
            raise ValueError(f"Some keys are not used by the HfArgumentParser: {unknown}")

    for name in ("llamafactory", "llamafactory.hparams", "llamafactory.hparams.parser"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["llamafactory.hparams.parser"].get_train_args = get_train_args  # type: ignore[attr-defined]


def test_recipes_that_the_parser_accepts_pass(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = {"stage": "pt", "deepspeed": {"zero_optimization": {"stage": 3}}}
    check(Spec({"recipes": {"L2-Mono-Alt": recipe, "L2-Bi-Alt": recipe}}))
    assert capsys.readouterr().out.startswith("LLaMA-Factory accepts 2 recipes")


def test_every_refused_recipe_is_named() -> None:
    recipes = {"A": {"learning_rat": 1}, "B": {"stage": "pt"}, "C": {"sage": "pt"}}
    with pytest.raises(InputError) as refused:
        check(Spec({"recipes": recipes}))
    lines = str(refused.value).splitlines()
    assert [line[:2] for line in lines[1:]] == ["A:", "C:"]
    assert "learning_rat" in lines[1]
    assert "sage" in lines[2]
