"""What docs/data.md shows works as shown."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from mixture_fixture import Bench

from mixcpt_data.mixture.mixture_spec import read_mixture_spec
from mixcpt_data.sources import source_spec
from mixcpt_store.spec import Spec

_DOCUMENT = Path(__file__).parents[3] / "docs" / "data.md"


def _block(language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", _DOCUMENT.read_text(), re.DOTALL)
    return block


def test_the_spec_is_accepted() -> None:
    spec = read_mixture_spec(Spec(yaml.safe_load(_block("yaml"))))
    assert [item.selection.name for item in spec.ingredients] == ["madlad-400", "nllb", "the-stack"]


def test_the_source_that_is_added_is_read_like_any_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {"__name__": __name__}
    exec(_block("python"), names)
    monkeypatch.setitem(source_spec._READERS, "lines", names["read_lines_source"])
    for name in ("LinesShard", "LinesSource"):
        monkeypatch.setitem(globals(), name, names[name])
    bench.write("a.txt", "One.\nTwo.\n")
    directory = str(bench.folder / "inputs")
    source = {"kind": "lines", "directory": directory, "language": "eng_Latn", "fraction": 1.0}
    assert sorted(bench.mix(source)) == ["One.", "Two."]
    assert bench.stats()["sources"]["lines"]["rows"] == 2
