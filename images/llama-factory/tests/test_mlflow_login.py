"""Logins to MLflow: the Secret's values reach the server and no output, and what it refuses is reported."""

from pathlib import Path

import pytest
from mlflow_fixture import FakeMlflow, build_mlflow_feed, write_log


@pytest.mark.parametrize(
    ("environment", "login"),
    [
        ({}, ""),
        ({"MLFLOW_TRACKING_TOKEN": "t0ken"}, "Bearer t0ken"),
        ({"MLFLOW_TRACKING_TOKEN": "t0ken\n"}, "Bearer t0ken"),
        ({"MLFLOW_TRACKING_USERNAME": "user7", "MLFLOW_TRACKING_PASSWORD": "pw-9"}, "Basic dXNlcjc6cHctOQ=="),
    ],
)
def test_logs_in_with_what_the_secret_has_and_prints_none_of_it(
    tmp_path: Path,
    mlflow: FakeMlflow,
    environment: dict[str, str],
    login: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mlflow.refusal = 401
    write_log(tmp_path, 2)
    build_mlflow_feed(tmp_path, mlflow, [0.0], **environment).finish(succeeded=True)
    assert mlflow.logins == {login}
    output = capsys.readouterr().out
    assert "the server answered 401" in output
    assert not [secret for secret in environment.values() if secret in output]


def test_prints_no_login_that_an_error_page_repeats_or_that_no_request_can_have(
    tmp_path: Path, mlflow: FakeMlflow, capsys: pytest.CaptureFixture[str]
) -> None:
    write_log(tmp_path, 2)
    mlflow.refusal, mlflow.page = 500, "<h1>Error</h1> Authorization: Bearer t0ken"
    build_mlflow_feed(tmp_path, mlflow, [0.0], MLFLOW_TRACKING_TOKEN="t0ken").finish(succeeded=True)
    assert "the server answered 500: <h1>Error</h1> Authorization: Bearer ***;" in capsys.readouterr().out
    build_mlflow_feed(tmp_path, mlflow, [0.0], MLFLOW_TRACKING_TOKEN="t0\nken").finish(succeeded=True)
    output = capsys.readouterr().out
    assert "MLFLOW_TRACKING_TOKEN in the Secret holds characters that no token has" in output
    assert "ken\n" not in output


def test_names_a_page_that_is_no_answer_of_the_server(
    tmp_path: Path, mlflow: FakeMlflow, capsys: pytest.CaptureFixture[str]
) -> None:
    write_log(tmp_path, 2)
    mlflow.page = "<html><title>Please log in</title></html>"
    build_mlflow_feed(tmp_path, mlflow, [0.0]).finish(succeeded=True)
    assert "the server answered without JSON, as log-in pages and proxies do: <html>" in capsys.readouterr().out
