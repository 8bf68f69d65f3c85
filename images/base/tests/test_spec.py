"""Specs: typed values, and all problems of a bad spec in one message."""

from pathlib import Path

import pytest

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec, parse_spec


def test_reads_yaml_and_json() -> None:
    for text in ("seed: 3\nlanguages: [zul_Latn]", '{"seed": 3, "languages": ["zul_Latn"]}'):
        spec = parse_spec(text)
        assert spec.get_integer("seed") == 3
        assert spec.get_texts("languages") == ["zul_Latn"]
        spec.finish()


def test_reports_all_problems_at_once_with_their_paths() -> None:
    spec = parse_spec("seed: three\noutput: relative\nsources: [{kind: udhr, megabytes: x}]")
    spec.get_integer("seed")
    spec.get_path("output")
    spec.get_children("sources")[0].get_text("kind")
    with pytest.raises(InputError) as caught:
        spec.finish()
    message = str(caught.value)
    assert 'spec.seed is "three"; it must be a whole number' in message
    assert "spec.output is 'relative'; it must be an absolute path" in message
    assert "spec.sources[0].megabytes is not a known key" in message


def test_suggests_a_known_key_for_a_misspelled_one() -> None:
    spec = Spec({"langauges": []})
    spec.get_texts("languages", default=[])
    with pytest.raises(InputError, match="did you mean languages"):
        spec.finish()


def test_true_is_not_a_whole_number() -> None:
    spec = Spec({"seed": True})
    spec.get_integer("seed")
    assert spec.problems


@pytest.mark.parametrize("text", [None, "", "- a list", "{broken"])
def test_rejects_text_that_is_not_a_mapping(text: str | None) -> None:
    with pytest.raises(InputError, match="MIXCPT_SPEC"):
        parse_spec(text)


def test_optional_values_may_be_absent_but_not_wrong() -> None:
    spec = Spec({"tokens": "many", "tokenizer": "relative", "name": "web"})
    assert spec.get_optional_text("languageModel") is None
    assert spec.get_optional_text("name") == "web"
    assert spec.get_flag("escaped", default=True) is True
    spec.get_optional_integer("tokens")
    spec.get_optional_path("tokenizer")
    with pytest.raises(InputError) as caught:
        spec.finish()
    assert 'spec.tokens is "many"; it must be a whole number' in str(caught.value)
    assert "spec.tokenizer is 'relative'; it must be an absolute path" in str(caught.value)


def test_paths_are_one_path_or_a_list_of_absolute_paths() -> None:
    assert Spec({"benchmarks": "/a"}).get_paths("benchmarks") == [Path("/a")]
    assert Spec({"benchmarks": ["/a", "/b"]}).get_paths("benchmarks") == [Path("/a"), Path("/b")]
    assert Spec({}).get_paths("benchmarks") == []
    spec = Spec({"benchmarks": ["/a", "b"]})
    spec.get_paths("benchmarks")
    assert spec.problems == ["spec.benchmarks is 'b'; it must be an absolute path in the store"]
    wrong = Spec({"benchmarks": 3})
    wrong.get_paths("benchmarks")
    assert wrong.problems == ["spec.benchmarks is 3; it must be a list"]
