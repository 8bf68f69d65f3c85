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


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "- a list",
        "{broken",
        "a: 2024-99-99",
        "a: !!int x",
        "a: !!timestamp x",
        "[" * 5000,
        "a: \x01",
        "{[]: 1}",
    ],
)
def test_rejects_text_that_is_not_a_mapping(text: str | None) -> None:
    with pytest.raises(InputError, match="MIXCPT_SPEC"):
        parse_spec(text)


def test_optional_values_may_be_absent_but_not_wrong() -> None:
    spec = Spec({"tokens": "many", "tokenizer": "relative", "name": "web"})
    assert spec.get_optional_text("languageModel") is None
    assert spec.get_optional_text("name") == "web"
    assert spec.get_optional_child("push") is None
    assert spec.get_flag("escaped", default=True) is True
    spec.get_optional_integer("tokens")
    spec.get_optional_path("tokenizer")
    assert spec.get_optional_child("name")
    with pytest.raises(InputError) as caught:
        spec.finish()
    assert 'spec.tokens is "many"; it must be a whole number' in str(caught.value)
    assert "spec.tokenizer is 'relative'; it must be an absolute path" in str(caught.value)
    assert 'spec.name is "web"; it must be a mapping' in str(caught.value)


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


@pytest.mark.parametrize(
    "text", ["seed: &a [*a]", "seed: {? [1, 2] : 3}", "seed: {2024-01-01: 1}", "seed: 0x" + "f" * 5000]
)
def test_reports_a_wrong_value_that_json_cannot_express(text: str) -> None:
    try:
        spec = parse_spec(text)
    except InputError:
        return
    spec.get_integer("seed")
    with pytest.raises(InputError, match="spec.seed is .*; it must be a whole number"):
        spec.finish()


def test_a_long_wrong_value_is_cut_in_the_message() -> None:
    spec = Spec({"seed": "x" * 10_000})
    spec.get_integer("seed")
    assert len(spec.problems[0]) < 300


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_refuses_characters_that_no_file_name_can_hold(text: str) -> None:
    spec = Spec({"output": f"/store/{text}", "name": text, "files": [text]})
    spec.get_path("output")
    spec.get_text("name")
    spec.get_texts("files")
    assert len(spec.problems) == 3
    assert all("is not allowed in names and paths" in problem for problem in spec.problems)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**400])
def test_a_number_must_be_finite(value: float) -> None:
    spec = Spec({"fraction": value})
    spec.get_number("fraction")
    with pytest.raises(InputError, match="spec.fraction is .*; it must be a finite number"):
        spec.finish()
