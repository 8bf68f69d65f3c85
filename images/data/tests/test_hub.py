"""Sources on the hub are streamed by ranges, resumed, and refused with one line."""

import gzip
import os
import subprocess
import sys
from typing import Any

import httpx
import pytest
from hub_fixture import COMMIT, REPOSITORY, FakeHub
from mixture_fixture import MixtureWorkspace, format_jsonl, write_word_tokenizer

from mixcpt_data.storage.hub_client import load_hub_client, translate_hub_errors
from mixcpt_store.errors import InputError, RetryableError

TEXTS = [f"Sentence number {number} of the corpus." for number in range(2000)]


def _build_hub_source(**keys: Any) -> dict[str, Any]:
    entry = {"kind": "hf", "repository": REPOSITORY, "revision": COMMIT, "files": ["data/en/*.jsonl"]}
    return {**entry, "format": "jsonl", "languages": ["eng_Latn"], **keys}


def test_reads_every_row_of_the_matching_files(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {
        "data/en/en_0.jsonl": format_jsonl(TEXTS[:1200]).encode(),
        "data/en/en_1.jsonl": format_jsonl(TEXTS[1200:]).encode(),
        "data/de/de_0.jsonl": format_jsonl(["Ein anderer Satz."]).encode(),
    }
    result = workspace.run_command("mixture", workspace.build_spec(_build_hub_source()), HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 0, result.stderr
    assert sorted(workspace.read_texts()) == sorted(TEXTS)


def test_reads_compressed_files(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {"data/en/en_clean_0000.jsonl.gz": gzip.compress(format_jsonl(TEXTS).encode())}
    result = workspace.run_command(
        "mixture", workspace.build_spec(_build_hub_source(files=["data/en/*.gz"])), HF_ENDPOINT=hub.endpoint
    )
    assert result.returncode == 0, result.stderr
    assert sorted(workspace.read_texts()) == sorted(TEXTS)


def test_a_broken_stream_resumes_without_changing_the_mixture(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {"data/en/en.jsonl": format_jsonl(TEXTS).encode()}
    hub.breaks = {"data/en/en.jsonl": 1000}
    result = workspace.run_command("mixture", workspace.build_spec(_build_hub_source()), HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 0, result.stderr
    assert sorted(workspace.read_texts()) == sorted(TEXTS)
    assert len(hub.ranges) == 2


def test_repeats_a_request_when_the_hub_falls_silent(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {"data/en/en.jsonl": format_jsonl(TEXTS).encode()}
    hub.pauses = {"data/en/en.jsonl": 60}
    environment = {"HF_ENDPOINT": hub.endpoint, "HF_HUB_DOWNLOAD_TIMEOUT": "5"}
    result = workspace.run_command("mixture", workspace.build_spec(_build_hub_source()), **environment)
    assert result.returncode == 0, result.stderr
    assert sorted(workspace.read_texts()) == sorted(TEXTS)
    assert len(hub.ranges) == 2


def test_the_default_timeout_is_a_minute_of_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_DOWNLOAD_TIMEOUT", raising=False)
    code = (
        "from mixcpt_data.storage.hub_client import load_hub_client; "
        "print(load_hub_client().constants.HF_HUB_DOWNLOAD_TIMEOUT)"
    )
    path = os.pathsep.join(sys.path)
    printed = subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path})
    assert printed.decode().strip() == "60"


def test_fetches_no_more_than_the_budget_needs(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    long_text = "word " * 200
    hub.files = {"data/en/en.jsonl": format_jsonl([long_text] * 20_000).encode()}
    spec = workspace.build_spec(_build_hub_source(tokens=1000), tokenizer=str(write_word_tokenizer(workspace.folder)))
    result = workspace.run_command("mixture", spec, HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 0, result.stderr
    assert len(workspace.read_texts()) == 5
    assert len(hub.ranges) == 1
    assert len(hub.files["data/en/en.jsonl"]) > 4 * 4 * 1024 * 1024


def test_sends_the_token(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files, hub.gated = {"data/en/en.jsonl": format_jsonl(TEXTS).encode()}, True
    result = workspace.run_command(
        "mixture", workspace.build_spec(_build_hub_source()), HF_ENDPOINT=hub.endpoint, HF_TOKEN="hf_secret"
    )
    assert result.returncode == 0, result.stderr
    assert hub.tokens == {"Bearer hf_secret"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gated": True}, "study/corpus: the repository is gated; accept its terms on the hub and pass your token"),
        ({"repository": "study/other"}, "study/other: the hub has no such dataset, or it is private"),
        ({"revision": "f" * 40}, f"study/corpus: the repository has no revision {'f' * 40}"),
        ({"files": ["data/fr/*"]}, "study/corpus@0123456:data/fr/*: no file matches this pattern"),
    ],
)
def test_a_refusal_of_the_hub_gives_one_line(
    workspace: MixtureWorkspace, hub: FakeHub, change: dict[str, Any], message: str
) -> None:
    hub.files, hub.gated = {"data/en/en.jsonl": format_jsonl(TEXTS).encode()}, change.pop("gated", False)
    result = workspace.run_command(
        "mixture", workspace.build_spec(_build_hub_source(**change)), HF_ENDPOINT=hub.endpoint
    )
    assert result.returncode == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not workspace.output.exists()


def test_an_unreachable_hub_gives_one_line_and_a_retryable_exit_code(workspace: MixtureWorkspace) -> None:
    result = workspace.run_command(
        "mixture", workspace.build_spec(_build_hub_source()), HF_ENDPOINT="http://127.0.0.1:9"
    )
    assert result.returncode == 1
    assert "study/corpus: the hub at http://127.0.0.1:9 did not respond" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (429, RetryableError, "study/corpus: the hub at .* did not respond"),
        (503, RetryableError, "study/corpus: the hub at .* did not respond"),
        (400, InputError, "study/corpus: the hub at .* refused the request"),
        (403, InputError, "study/corpus: the hub at .* refused the request"),
    ],
)
@pytest.mark.parametrize("as_cause", [False, True])
def test_a_refusal_is_final_and_a_temporary_failure_is_retryable(
    status: int, kind: type[Exception], message: str, as_cause: bool
) -> None:
    errors = load_hub_client().errors
    response = httpx.Response(status, request=httpx.Request("GET", "https://hub"))
    error = errors.HfHubHTTPError(f"status {status}", response=response)
    fault = errors.LocalEntryNotFoundError("An error happened") if as_cause else error
    with pytest.raises(kind, match=message), translate_hub_errors("dataset", REPOSITORY, COMMIT):
        raise fault from error if as_cause else None


def test_refuses_a_branch_because_it_can_move(workspace: MixtureWorkspace) -> None:
    result = workspace.run_command("mixture", workspace.build_spec(_build_hub_source(revision="main")))
    assert result.returncode == 2
    assert "spec.sources[0].revision is 'main'; it must be a commit of 40 hex digits" in result.stderr
