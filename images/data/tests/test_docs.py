"""The examples in docs/data.md work."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from mixture_fixture import MixtureWorkspace

from mixcpt_data.mixture.mixture_spec import read_mixture_spec
from mixcpt_data.sources import source_spec
from mixcpt_store.spec import Spec

_DATA_PAGE = Path(__file__).parents[3] / "docs" / "data.md"


def _read_block(language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", _DATA_PAGE.read_text(), re.DOTALL)
    return block


def test_accepts_the_documented_spec() -> None:
    spec = read_mixture_spec(Spec(yaml.safe_load(_read_block("yaml"))))
    assert [item.selection.name for item in spec.ingredients] == ["madlad-400", "nllb", "the-stack"]


def test_reads_the_documented_source_like_any_other(
    workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[str, Any] = {"__name__": __name__}
    exec(_read_block("python"), names)
    monkeypatch.setitem(source_spec.SOURCE_READERS, "lines", names["read_lines_source"])
    for name in ("LinesShard", "LinesSource"):
        monkeypatch.setitem(globals(), name, names[name])
    workspace.write_input("a.txt", "One.\nTwo.\n")
    directory = str(workspace.folder / "inputs")
    source = {"kind": "lines", "directory": directory, "language": "eng_Latn", "fraction": 1.0}
    assert sorted(workspace.mix_sources(source)) == ["One.", "Two."]
    assert workspace.read_stats()["sources"]["lines"]["rows"] == 2
