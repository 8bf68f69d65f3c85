"""Commands: bad input is one line on standard error and exit code 2, never a traceback."""

import pytest

from mixcpt_store.command import run_step, run_verb
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def _refuse(spec: Spec) -> None:
    raise InputError("spec.seed is missing")


def test_bad_input_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", _refuse) == 2
    assert capsys.readouterr().err == "mixcpt-data mixture: spec.seed is missing\n"


def test_an_unknown_verb_names_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb("mixcpt-data", {"mixture": _refuse, "model": _refuse}, ["mix"]) == 2
    assert "usage: mixcpt-data mixture|model" in capsys.readouterr().err
