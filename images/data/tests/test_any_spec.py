"""Any content of specs: a verb succeeds, or ends with one line that says what is wrong."""

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mixture_fixture import MixtureWorkspace

from mixcpt_data.benchmarks.make_benchmarks import make_benchmarks
from mixcpt_data.mixture.mixture_spec import read_mixture_spec
from mixcpt_data.model import make_model
from mixcpt_data.storage.download_repository import download_repository
from mixcpt_store.command import run_step
from mixcpt_store.exclusive import with_exclusive_output
from mixcpt_store.spec import Spec

# The same examples in every run, and none stored in the repository.
_any_input = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_PAIR = ["eng_Latn", "zul_Latn"]

_spec_values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=10),
    st.dates(),
    st.sampled_from(["/", "/..", "/dev/null", "/dev/null/x", "/store\0", "\ud800", "**x", "../*", "0", "²", "x" * 300]),
    st.lists(st.text(max_size=5) | st.integers(-1, 40) | st.sampled_from(_PAIR), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)
_SOURCE_KEYS = (
    *("kind", "directory", "files", "format", "languages", "columns", "name", "fraction"),
    *("words", "characters", "bytes", "tokens", "languageModel", "repeat"),
    *("escapedNewlines", "repository", "revision", "heldOutArticles", "pairs", "megabytes"),
)
_SPEC_KEYS = (
    *("output", "seed", "workers", "repeat", "benchmarks", "tokenizer", "sources", "languages", "heldOutArticles"),
    *("vocabularySize", "architecture", "repository", "revision", "files", "kind", "languageNames", "licenses"),
    "unknown",
)


def _run_verb(verb: Any, spec: dict[str, Any] | str, capsys: pytest.CaptureFixture[str]) -> None:
    """Runs a verb as the command does and checks that it printed no more than one line about an error."""
    text = spec if isinstance(spec, str) else yaml.safe_dump(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIXCPT_SPEC", text.replace("\0", "\\0").encode("utf-8", "replace").decode())
        code = run_step("mixcpt-data", with_exclusive_output(verb))
    printed = capsys.readouterr().err
    assert code in (0, 1, 2)
    assert "MIXCPT_DEBUG" not in printed, printed
    assert len(printed.splitlines()) <= 1, printed


def _read_only_mixture(spec: Spec) -> None:
    """Reads the spec and lists the files of its sources; the shards are another test's."""
    for ingredient in read_mixture_spec(spec).ingredients:
        ingredient.source.list_shards()


@_any_input
@given(
    changes=st.dictionaries(st.sampled_from(_SPEC_KEYS), _spec_values, max_size=2),
    source_changes=st.dictionaries(st.sampled_from(_SOURCE_KEYS), _spec_values, max_size=3),
    kind=st.sampled_from(["files", "udhr", "udhr-pairs", "python-code"]),
)
def test_any_spec_of_a_mixture_is_accepted_or_refused(
    workspace: MixtureWorkspace,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    source_changes: dict[str, Any],
    kind: str,
) -> None:
    workspace.write_jsonl("a.jsonl", ["One."])
    source = workspace.files_source("a.jsonl") if kind == "files" else {"kind": kind}
    spec = {**workspace.build_spec({**source, **source_changes}), **changes}
    if spec["output"] not in ("/dev/null/x", str(workspace.output)):
        spec["output"] = "relative"
    _run_verb(_read_only_mixture, spec, capsys)


@_any_input
@given(changes=st.dictionaries(st.sampled_from(_SPEC_KEYS), _spec_values, max_size=3), verb=st.integers(0, 2))
def test_any_spec_of_the_other_verbs_is_accepted_or_refused(
    workspace: MixtureWorkspace, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], verb: int
) -> None:
    articles = list(range(1, 12))
    benchmarks = {"seed": 1, "languages": ["eng_Latn"], "heldOutArticles": articles}
    sizes = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings")
    model = {**benchmarks, "vocabularySize": 400, "architecture": dict.fromkeys(sizes, 8)}
    download = {"repository": "a b", "revision": "main"}
    base = (benchmarks, model, download)[verb]
    spec = {"output": str(workspace.output), **base, **changes}
    if spec["output"] not in ("/dev/null/x", str(workspace.output)):
        spec["output"] = "/.."
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make_model, "write_model", lambda *_arguments, **_options: None)
        _run_verb((make_benchmarks, make_model.make_model, download_repository)[verb], spec, capsys)


@_any_input
@given(text=st.text(max_size=40) | st.text("{}[]:,-?!&*|>'\"%@`0123456789abx. \n\t#", max_size=30))
def test_any_text_is_a_spec_or_refused(capsys: pytest.CaptureFixture[str], text: str) -> None:
    _run_verb(read_mixture_spec, text, capsys)
