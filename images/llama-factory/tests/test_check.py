"""The verb `check` with a stand-in for LLaMA-Factory's parser: what is refused, and in which words."""

import os
import sys
from types import ModuleType

import pytest

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.check import check

KNOWN = {"stage", "deepspeed", "use_cpu", "model_name_or_path", "dataset", "dataset_dir", "output_dir"}


ZERO_SETTINGS = {"stage", "overlap_comm", "reduce_bucket_size"}


def _module(monkeypatch: pytest.MonkeyPatch, name: str, **content: object) -> None:
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:length]), ModuleType(name))
    for key, value in content.items():
        setattr(sys.modules[name], key, value)


@pytest.fixture(autouse=True)
def parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """LLaMA-Factory without DeepSpeed: what it is told may not name DeepSpeed outside of torchrun."""

    def get_train_args(arguments: dict[str, object]) -> None:
        if arguments.get("deepspeed") and "LOCAL_RANK" not in os.environ:
            raise ValueError("Please use `FORCE_TORCHRUN=1` to launch DeepSpeed training.")
        unknown = sorted(arguments.keys() - KNOWN)
        if unknown:
            raise ValueError(f"Some keys are not used by the HfArgumentParser: {unknown}")

    monkeypatch.setattr("mixcpt_train.check._has_deepspeed", lambda: False)
    _module(monkeypatch, "llamafactory.hparams.parser", get_train_args=get_train_args)


@pytest.fixture
def deepspeed(monkeypatch: pytest.MonkeyPatch) -> None:
    """DeepSpeed's reader of the settings of ZeRO, which forbids any that it does not know, and "auto"."""

    def read(**settings: object) -> None:
        wrong = sorted(settings.keys() - ZERO_SETTINGS) + [k for k, v in settings.items() if v == "auto"]
        if wrong:
            raise ValueError(f"validation error for DeepSpeedZeroConfig: {wrong}")

    monkeypatch.setattr("mixcpt_train.check._has_deepspeed", lambda: True)
    _module(monkeypatch, "deepspeed.runtime.zero.config", DeepSpeedZeroConfig=read)


def _zero3(**settings: object) -> dict[str, object]:
    zero = {"stage": 3, "reduce_bucket_size": "auto", **settings}
    return {"stage": "pt", "deepspeed": {"zero_optimization": zero}}


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


@pytest.mark.usefixtures("deepspeed")
def test_where_deepspeed_is_there_its_settings_are_read_as_under_torchrun(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = dict(os.environ)
    check(Spec({"recipes": {"L2-Mono-Alt": _zero3(overlap_comm=True)}}))
    assert capsys.readouterr().out == "LLaMA-Factory accepts 1 recipes\n"
    assert dict(os.environ) == before


@pytest.mark.usefixtures("deepspeed")
def test_a_setting_that_only_deepspeed_would_refuse_is_named() -> None:
    with pytest.raises(InputError, match="L2-Mono-Alt: .*overlap_com'"):
        check(Spec({"recipes": {"L2-Mono-Alt": _zero3(overlap_com=True)}}))


def test_without_deepspeed_its_settings_are_left_out_and_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check(Spec({"recipes": {"L2-Mono-Alt": _zero3(overlap_com=True)}}))
    assert "without DeepSpeed in this image its configuration is not read" in capsys.readouterr().out
