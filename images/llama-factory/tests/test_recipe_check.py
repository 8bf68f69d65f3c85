"""The verb `check` with a stub of LLaMA-Factory's parser: rejected recipes and their messages."""

import os
import sys
from types import ModuleType

import pytest

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.recipe_check import check_recipes

KNOWN_KEYS = {"stage", "deepspeed", "use_cpu", "model_name_or_path", "dataset", "dataset_dir", "output_dir"}
ZERO_SETTINGS = {"stage", "overlap_comm", "reduce_bucket_size"}


def _install_module(monkeypatch: pytest.MonkeyPatch, name: str, **content: object) -> None:
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:length]), ModuleType(name))
    for key, value in content.items():
        setattr(sys.modules[name], key, value)


@pytest.fixture(autouse=True)
def llamafactory_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """LLaMA-Factory without DeepSpeed: it rejects the key deepspeed outside of torchrun."""

    def get_train_args(arguments: dict[str, object]) -> None:
        if arguments.get("deepspeed") and "LOCAL_RANK" not in os.environ:
            raise ValueError("Please use `FORCE_TORCHRUN=1` to launch DeepSpeed training.")
        unknown = sorted(arguments.keys() - KNOWN_KEYS)
        if unknown:
            raise ValueError(f"Some keys are not used by the HfArgumentParser: {unknown}")

    monkeypatch.setattr("mixcpt_train.recipe_check._has_deepspeed", lambda: False)
    _install_module(monkeypatch, "llamafactory.hparams.parser", get_train_args=get_train_args)


@pytest.fixture
def deepspeed(monkeypatch: pytest.MonkeyPatch) -> None:
    """DeepSpeed's parser of the ZeRO settings, which rejects unknown keys and the value "auto"."""

    def parse_zero_settings(**settings: object) -> None:
        wrong = sorted(settings.keys() - ZERO_SETTINGS) + [k for k, v in settings.items() if v == "auto"]
        if wrong:
            raise ValueError(f"validation error for DeepSpeedZeroConfig: {wrong}")

    monkeypatch.setattr("mixcpt_train.recipe_check._has_deepspeed", lambda: True)
    _install_module(monkeypatch, "deepspeed.runtime.zero.config", DeepSpeedZeroConfig=parse_zero_settings)


def _build_zero3_recipe(**settings: object) -> dict[str, object]:
    zero = {"stage": 3, "reduce_bucket_size": "auto", **settings}
    return {"stage": "pt", "deepspeed": {"zero_optimization": zero}}


def test_passes_recipes_that_the_parser_accepts(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = {"stage": "pt", "deepspeed": {"zero_optimization": {"stage": 3}}}
    check_recipes(Spec({"recipes": {"L2-Mono-Alt": recipe, "L2-Bi-Alt": recipe}}))
    assert capsys.readouterr().out.startswith("LLaMA-Factory accepts 2 recipes")


def test_names_every_rejected_recipe() -> None:
    recipes = {"A": {"learning_rat": 1}, "B": {"stage": "pt"}, "C": {"sage": "pt"}}
    with pytest.raises(InputError) as rejected:
        check_recipes(Spec({"recipes": recipes}))
    lines = str(rejected.value).splitlines()
    assert [line[:2] for line in lines[1:]] == ["A:", "C:"]
    assert "learning_rat" in lines[1]
    assert "sage" in lines[2]


@pytest.mark.usefixtures("deepspeed")
def test_checks_deepspeed_settings_as_under_torchrun_if_deepspeed_is_installed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = dict(os.environ)
    check_recipes(Spec({"recipes": {"L2-Mono-Alt": _build_zero3_recipe(overlap_comm=True)}}))
    assert capsys.readouterr().out == "LLaMA-Factory accepts 1 recipes\n"
    assert dict(os.environ) == before


@pytest.mark.usefixtures("deepspeed")
def test_names_a_setting_that_only_deepspeed_rejects() -> None:
    with pytest.raises(InputError, match="L2-Mono-Alt: .*overlap_com'"):
        check_recipes(Spec({"recipes": {"L2-Mono-Alt": _build_zero3_recipe(overlap_com=True)}}))


def test_without_deepspeed_reports_that_its_settings_were_not_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check_recipes(Spec({"recipes": {"L2-Mono-Alt": _build_zero3_recipe(overlap_com=True)}}))
    assert "this image has no DeepSpeed, so its configuration was not checked" in capsys.readouterr().out
