"""The API server's errors and foreign answers are reported, and a busy server is asked again."""

from dataclasses import replace
from pathlib import Path

import pytest
from publish_fixture import FakeApiServer, build_client

from mixcpt_evaluate.publish.api_server import ApiServer, find_cluster_api_server
from mixcpt_evaluate.publish.publish_scores import publish_scores
from mixcpt_evaluate.publish.publish_spec import PublishSpec
from mixcpt_store.errors import InputError, RetryableError


def test_reports_the_servers_message_when_it_rejects_the_config_map(
    publish: PublishSpec, server: FakeApiServer
) -> None:
    server.status = 403
    with pytest.raises(
        InputError, match=r"configmaps/scores-tiny: the API server returned status 403.*forbidden: configmaps"
    ):
        publish_scores(lambda: build_client(server), publish)


def test_names_the_role_that_a_rejected_service_account_needs(publish: PublishSpec, server: FakeApiServer) -> None:
    server.status = 403
    with pytest.raises(
        InputError, match=r"service account \(publish\) needs a Role that allows .*configmaps in the namespace mixcpt"
    ):
        publish_scores(lambda: build_client(server), publish)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<!DOCTYPE html><html><title>Sign in</title>", r"status 200 with an HTML page \(Sign in\)"),
        (b"", "status 200 with an empty answer"),
        (b"ok", "status 200 with ok, which is not JSON of a Kubernetes API server; a proxy may answer"),
        (b"[" * 100_000, "which is not JSON of a Kubernetes API server"),
    ],
)
def test_does_not_take_the_answer_of_a_proxy_for_a_success(
    publish: PublishSpec, server: FakeApiServer, content: bytes, message: str
) -> None:
    server.content = content
    with pytest.raises(RetryableError, match=message):
        publish_scores(lambda: build_client(server), publish)


def test_shows_the_title_of_a_page_in_place_of_its_markup(publish: PublishSpec, server: FakeApiServer) -> None:
    server.status, server.content = 502, b"<html><head><title>502 Bad\n Gateway</title></head><body>long</body></html>"
    with pytest.raises(RetryableError, match=r"status 502: an HTML page \(502 Bad Gateway\)$"):
        publish_scores(lambda: build_client(server), publish)


def test_waits_as_long_as_a_busy_server_asks_up_to_a_limit(publish: PublishSpec, server: FakeApiServer) -> None:
    waits: list[float] = []
    server.statuses = (429, 503, 500)
    client = replace(build_client(server), sleep=waits.append)
    publish_scores(lambda: client, publish)
    assert waits == [0.5, 1.0, 2.0]
    server.requests.clear()
    server.retry_after = "3600"
    publish_scores(lambda: client, publish)
    assert waits[3:] == [15.0, 15.0, 15.0]
    server.statuses, server.status = (), 429
    server.requests.clear()
    with pytest.raises(RetryableError, match="status 429"):
        publish_scores(lambda: client, publish)
    assert len(server.requests) == 4


def test_reads_a_renewed_token_after_the_old_one_expired(
    publish: PublishSpec, server: FakeApiServer, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("old\n")

    def renew() -> None:
        token.write_text("new\n")

    server.statuses = (401,)
    client = replace(build_client(server), token_file=token, sleep=lambda _: renew())
    publish_scores(lambda: client, publish)
    assert [authorization for _, authorization, _ in server.requests] == ["Bearer old", "Bearer new"]
    server.statuses, server.status = (), 401
    with pytest.raises(RetryableError, match=r"status 401.*service account \(publish\) is not accepted"):
        publish_scores(lambda: client, publish)


@pytest.mark.parametrize("content", [b"", b"two words", b"\xff\xfe"])
def test_reports_a_token_file_that_holds_no_token(
    publish: PublishSpec, server: FakeApiServer, tmp_path: Path, content: bytes
) -> None:
    token = tmp_path / "token"
    token.write_bytes(content)
    with pytest.raises(RetryableError, match=r"token: "):
        publish_scores(lambda: replace(build_client(server), token_file=token), publish)


def test_rejects_a_pod_whose_certificate_authority_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("t")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    with pytest.raises(InputError, match=r"ca\.crt: cannot be used"):
        find_cluster_api_server(tmp_path)


@pytest.mark.parametrize("status", [401, 409, 429, 500, 503])
def test_raises_a_retryable_error_on_a_busy_server(publish: PublishSpec, server: FakeApiServer, status: int) -> None:
    server.status = status
    with pytest.raises(RetryableError, match=rf"configmaps/scores-tiny: the API server returned status {status}"):
        publish_scores(lambda: build_client(server), publish)


def test_raises_a_retryable_error_on_an_unreachable_server(publish: PublishSpec) -> None:
    with pytest.raises(RetryableError, match=r"http://127\.0\.0\.1:9: the API server did not respond: .*refused"):
        publish_scores(lambda: ApiServer("http://127.0.0.1:9", "secret", None), publish)


def test_rejects_a_pod_without_a_service_account(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mounted service account"):
        find_cluster_api_server(tmp_path)
