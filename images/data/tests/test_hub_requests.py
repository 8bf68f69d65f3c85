"""Requests to the hub: repeated up to a limit, no larger than needed, and clear about pages that are not the hub's."""

import json
from collections.abc import Iterator
from email.utils import formatdate
from types import SimpleNamespace

import pytest
from hub_fixture import COMMIT, LISTING, REPOSITORY, FakeHub
from mixture_fixture import MixtureWorkspace, format_jsonl

from mixcpt_data.storage import hub_repository, hub_requests, hub_response
from mixcpt_data.storage.hub_client import HubUnavailableError, load_hub_client
from mixcpt_data.storage.hub_listing import find_listed_folder
from mixcpt_data.storage.hub_repository import HubRepository
from mixcpt_data.storage.hub_response import parse_retry_after
from mixcpt_store.errors import InputError, RetryableError

_DATASET = HubRepository("dataset", REPOSITORY, COMMIT)
_NAME = "data/en/en.jsonl"
_LOGIN = "<!DOCTYPE html>\n<html><head><title>Please\n log in</title></head></html>"


@pytest.fixture
def near_hub(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The fake hub as the client in this process sees it, with one file."""
    monkeypatch.setattr(load_hub_client().constants, "ENDPOINT", hub.endpoint)
    monkeypatch.setattr(
        load_hub_client(),
        "hf_hub_url",
        lambda name, file, *, repo_type, revision: f"{hub.endpoint}/{repo_type}s/{name}/resolve/{revision}/{file}",
    )
    hub_repository._list_folder.cache_clear()
    hub.files = {_NAME: format_jsonl(["One.", "Two."]).encode()}
    yield hub
    hub_repository._list_folder.cache_clear()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, which take no time."""
    pauses: list[float] = []
    monkeypatch.setattr(hub_requests, "time", SimpleNamespace(sleep=pauses.append))
    return pauses


def _read_file(name: str = _NAME) -> bytes:
    (file,) = _DATASET.list_files(name)
    with _DATASET.open_file(file) as raw:
        return raw.read()


@pytest.mark.parametrize("rows", [3, 60_000])
def test_plain_files_are_read_from_servers_that_compress_them(
    workspace: MixtureWorkspace, hub: FakeHub, rows: int
) -> None:
    texts = [f"Row number {row}. Everyone has the right to life, liberty and security." for row in range(rows)]
    hub.files, hub.compresses = {_NAME: format_jsonl(texts).encode()}, True
    source = {"kind": "hf", "repository": REPOSITORY, "revision": COMMIT, "files": [_NAME]}
    spec = workspace.build_spec({**source, "format": "jsonl", "languages": ["eng_Latn"]})
    result = workspace.run_command("mixture", spec, HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 0, result.stderr
    assert len(workspace.read_texts()) == rows
    assert (len(hub.files[_NAME]) > 4 * 1024 * 1024) == (len(hub.ranges) > 1)


@pytest.mark.parametrize(
    ("pattern", "listed"),
    [
        ("data/en/en.jsonl", ("data/en", False)),
        ("data/en/*.jsonl", ("data/en", True)),
        ("data/*/en.jsonl", ("data", True)),
        ("data/e?/en.jsonl", ("data", True)),
        ("data/[de]n/en.jsonl", ("data", True)),
        ("*.jsonl", ("", True)),
        ("en.jsonl", ("", False)),
    ],
)
def test_lists_only_the_folder_that_a_pattern_needs(pattern: str, listed: tuple[str, bool]) -> None:
    assert find_listed_folder(pattern) == listed


def test_a_listing_has_all_pages_of_its_folder_and_is_made_once(near_hub: FakeHub) -> None:
    near_hub.files = {f"data/{language}/{n}.jsonl": b"x" for language in ("de", "en") for n in range(5)}
    near_hub.page_size = 2
    names = [f"data/en/{n}.jsonl" for n in range(5)]
    assert [file.name for file in _DATASET.list_files("data/en/*.jsonl")] == names
    assert near_hub.listings == [("data/en", True)] * 3
    assert [file.name for file in _DATASET.list_files("data/en/*3.jsonl")] == [names[3]]
    assert len(near_hub.listings) == 3


def test_a_folder_that_does_not_exist_has_no_matching_file(near_hub: FakeHub) -> None:
    with pytest.raises(InputError, match=r"study/corpus@0123456:data/fr/\*: no file matches this pattern"):
        _DATASET.list_files("data/fr/*")


def test_workers_list_nothing(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {f"data/en/{n}.jsonl": format_jsonl([f"Row {n}."]).encode() for n in range(6)}
    source = {"kind": "hf", "repository": REPOSITORY, "revision": COMMIT, "files": ["data/*/*.jsonl"]}
    spec = workspace.build_spec({**source, "format": "jsonl", "languages": ["eng_Latn"]})
    assert workspace.run_command("mixture", spec, HF_ENDPOINT=hub.endpoint).returncode == 0
    assert hub.listings == [("data", True)]


@pytest.mark.parametrize("name", [LISTING, _NAME])
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_temporary_refusal_is_repeated_and_reported(
    near_hub: FakeHub, waits: list[float], capsys: pytest.CaptureFixture[str], name: str, status: int
) -> None:
    near_hub.failures = {name: [(status, {}), (status, {"Retry-After": "7"}), (status, {})]}
    assert _read_file() == near_hub.files[_NAME]
    assert waits == [1, 7, 4]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(f"study/corpus: the hub at {near_hub.endpoint} did not respond: ")
    assert str(status) in lines[1]
    assert lines[1].endswith("; attempt 3 of 6 in 7 s")


@pytest.mark.parametrize("name", [LISTING, _NAME])
def test_a_refusal_that_lasts_is_retryable_after_a_limit(near_hub: FakeHub, waits: list[float], name: str) -> None:
    near_hub.failures = {name: [(429, {})] * 100}
    with pytest.raises(RetryableError, match="study/corpus: the hub at .* did not respond: .*429.*then run this again"):
        _read_file()
    assert waits == [1, 2, 4, 8, 16]
    assert len(near_hub.failures[name]) == 94


def test_a_wait_that_is_too_long_is_left_to_the_next_attempt(near_hub: FakeHub, waits: list[float]) -> None:
    near_hub.failures = {LISTING: [(429, {"Retry-After": "3600"})]}
    with pytest.raises(HubUnavailableError):
        _read_file()
    assert waits == []


def test_a_refusal_that_is_final_is_not_repeated(near_hub: FakeHub, waits: list[float]) -> None:
    near_hub.failures = {LISTING: [(403, {})] * 2}
    with pytest.raises(InputError, match="refused the request: .*403.*give the token in HF_TOKEN the right"):
        _read_file()
    near_hub.failures = {_NAME: [(401, {"X-Error-Message": "Invalid credentials in Authorization header"})]}
    with pytest.raises(InputError, match="refused the request: .*401.*the token in HF_TOKEN is not valid"):
        _read_file()
    assert waits == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({"RateLimit": '"resolvers";r=0;t=2'}, 3),
        ({"RateLimit": '"resolvers";r=5;t=200'}, None),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_reads_when_the_hub_wants_the_request_again(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_retry_after(headers) == seconds


def test_reads_a_date_after_which_the_hub_wants_the_request_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_response, "time", SimpleNamespace(time=lambda: 1000.0))
    assert parse_retry_after({"Retry-After": formatdate(1100, usegmt=True)}) == 100
    assert parse_retry_after({"Retry-After": formatdate(0, usegmt=True)}) == 0


@pytest.mark.parametrize("name", [LISTING, _NAME])
def test_a_page_in_place_of_data_is_named(near_hub: FakeHub, waits: list[float], name: str) -> None:
    near_hub.pages = {name: _LOGIN}
    message = (
        f'study/corpus: {near_hub.endpoint} answered with the HTML page "Please log in" instead of data, as log-in '
        "pages and proxies do; open the hub to the pod's network or set HF_ENDPOINT"
    )
    with pytest.raises(InputError, match=message):
        _read_file()
    assert waits == []


def test_a_page_with_an_error_status_is_named_in_the_reason(near_hub: FakeHub, waits: list[float]) -> None:
    near_hub.pages, near_hub.failures = {LISTING: _LOGIN}, {LISTING: [(503, {"Content-Type": "text/html"})] * 6}
    with pytest.raises(RetryableError, match='503 .*\\(the HTML page "Please log in"\\)'):
        _read_file()
    assert len(waits) == 5


def test_a_file_whose_part_begins_like_a_page_is_read(near_hub: FakeHub) -> None:
    near_hub.files = {_NAME: b"<html>not a page, but a text</html>\n"}
    assert _read_file() == near_hub.files[_NAME]


@pytest.mark.parametrize("answer", [b"not json", b'{"error": "x"}', b"[1]", b'[{"type": "file"}]', b"null"])
def test_an_answer_that_is_not_a_list_of_files_is_named(
    near_hub: FakeHub, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(json, "dumps", lambda _value: answer.decode())
    with pytest.raises(InputError, match="study/corpus: .* answered with something that is not a list of files: "):
        _read_file()


@pytest.mark.parametrize("token", [None, "hf_x"])
def test_a_gated_repository_says_what_to_do(
    near_hub: FakeHub, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    near_hub.failures = {_NAME: [(403, {"X-Error-Code": "GatedRepo"})]}
    monkeypatch.delenv("HF_TOKEN", raising=False)
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    advice = (
        "request it at " if token else "accept its terms on the hub and pass your token in HF_TOKEN: the terms are at "
    )
    with pytest.raises(InputError, match=f"the repository is gated.*{advice}{near_hub.endpoint}/datasets/study/corpus"):
        _read_file()


@pytest.mark.parametrize("endpoint", ["hub.example", "ftp://hub.example", "http://hub.example:port"])
def test_an_endpoint_that_is_not_an_address_is_bad_input(
    near_hub: FakeHub, monkeypatch: pytest.MonkeyPatch, waits: list[float], endpoint: str
) -> None:
    monkeypatch.setattr(load_hub_client().constants, "ENDPOINT", endpoint)
    with pytest.raises(InputError, match="study/corpus: .*; check HF_ENDPOINT"):
        _read_file()
    assert waits == []


def test_a_token_that_cannot_be_one_is_bad_input(near_hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_ü")
    with pytest.raises(InputError, match="study/corpus: HF_TOKEN holds characters that no token has"):
        _read_file()


@pytest.mark.parametrize("name", ["a b", "a/b/c", "/", "ü/x", "a/b?x"])
def test_a_name_that_is_not_that_of_a_repository_is_a_problem_of_the_spec(
    workspace: MixtureWorkspace, name: str
) -> None:
    spec = {"output": str(workspace.output), "repository": name, "revision": COMMIT}
    result = workspace.run_command("download", spec)
    assert result.returncode == 2
    assert f"spec.repository is {name!r}; it must be OWNER/NAME" in result.stderr
