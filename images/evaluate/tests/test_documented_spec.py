"""The spec for one checkpoint in docs/evaluation.md is valid."""

import re
from pathlib import Path

import yaml

from mixcpt_evaluate.main import VERBS
from mixcpt_evaluate.task_spec import read_task_spec
from mixcpt_store.spec import Spec

_PAGE = Path(__file__).parents[3] / "docs" / "evaluation.md"


def test_accepts_the_documented_spec_and_verb() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(checkpoint: .*?)```", page, re.DOTALL)
    (verb,) = re.findall(r"podman run .*/evaluate:TAG (\w+)", page)
    assert verb == "sib200"
    assert verb in VERBS
    task = read_task_spec(Spec(yaml.safe_load(text)), with_directions=False)
    assert task.languages == ("zul_Latn", "xho_Latn")
    assert (task.shots, task.seed, task.limit, task.backend) == (3, 42, None, "transformers")
