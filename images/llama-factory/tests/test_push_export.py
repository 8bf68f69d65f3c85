"""The upload of an export, against a local server that speaks the hub's API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from export_fixture import build_export_spec, run_export_command
from push_hub_fixture import TOKEN, PushHub, serve_push_hub

from mixcpt_store.complete import mark_complete

REPOSITORY = "lab/l3-bi-code-stag"
PUSH = {"repository": REPOSITORY, "private": True}


@pytest.fixture
def hub() -> Iterator[PushHub]:
    with serve_push_hub() as hub:
        yield hub


def _write_export(store: Path) -> Path:
    output = Path(build_export_spec(store)["output"])
    output.mkdir(parents=True)
    (output / "README.md").write_text("---\nlicense: llama3.1\n---\n# L3\n")
    (output / "config.json").write_text("{}")
    (output / "model.safetensors").write_bytes(bytes(range(256)) * 16)
    mark_complete(output)
    return output


def test_uploads_every_file_by_one_commit_and_prints_its_address(tmp_path: Path, hub: PushHub) -> None:
    output = _write_export(tmp_path)
    result = run_export_command(
        build_export_spec(tmp_path, push=PUSH), HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN, HF_HUB_OFFLINE="1"
    )
    assert result.returncode == 0, result.stderr
    assert hub.repositories == {REPOSITORY: True}
    assert hub.commits == ["L3-Bi+Code-Stag, checkpoint 4500 of l3-bi-code-stag-0a1b2c3d"]
    assert set(hub.files) == {"README.md", "config.json", "model.safetensors"}
    assert hub.files["model.safetensors"] == (output / "model.safetensors").read_bytes()
    assert f"pushed: {hub.endpoint}/{REPOSITORY}/commit/" in result.stdout
    assert hub.tokens == {f"Bearer {TOKEN}"}


def test_the_token_is_in_no_output_and_no_file(tmp_path: Path, hub: PushHub) -> None:
    output = _write_export(tmp_path)
    spec = build_export_spec(tmp_path, push=PUSH)
    for refusals in ({"/api/repos/create": 403}, {"/commit/main": 401}, {}):
        hub.refusals = refusals
        result = run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN, MIXCPT_DEBUG="1")
        assert (result.returncode == 0) == (not refusals), result.stderr
        assert TOKEN not in result.stdout + result.stderr
    assert all(TOKEN.encode() not in path.read_bytes() for path in output.rglob("*") if path.is_file())
    assert hub.tokens == {f"Bearer {TOKEN}"}


def test_a_second_push_uploads_nothing_again(tmp_path: Path, hub: PushHub) -> None:
    _write_export(tmp_path)
    spec = build_export_spec(tmp_path, push=PUSH)
    for _ in range(2):
        assert run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN).returncode == 0
    assert len(hub.uploads) == 1
    assert len(hub.commits) == 1


def test_deletes_the_weights_of_an_earlier_push_in_the_same_commit(tmp_path: Path, hub: PushHub) -> None:
    output = _write_export(tmp_path)
    spec = build_export_spec(tmp_path, push=PUSH)
    assert run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN).returncode == 0
    others = dict.fromkeys(("LICENSE", "adapter_model.safetensors", "original/model.safetensors"), b"by hand")
    hub.files |= others
    shards = [f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    for name in shards:
        (output / name).write_bytes(name.encode())
    (output / "model.safetensors").rename(tmp_path / "single")
    (output / "model.safetensors.index.json").write_text("{}")
    assert run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN).returncode == 0
    assert set(hub.files) == {"README.md", "config.json", "model.safetensors.index.json", *shards, *others}
    assert len(hub.commits) == 2
    for name in (*shards, "model.safetensors.index.json"):
        (output / name).unlink()
    (tmp_path / "single").rename(output / "model.safetensors")
    assert run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN).returncode == 0
    assert set(hub.files) == {"README.md", "config.json", "model.safetensors", *others}


def test_an_interrupted_push_sends_no_large_file_twice(tmp_path: Path, hub: PushHub) -> None:
    _write_export(tmp_path)
    spec = build_export_spec(tmp_path, push=PUSH)
    hub.refusals = {"/commit/main": 400}
    assert run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN).returncode == 2
    hub.refusals = {}
    assert run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN).returncode == 0
    assert len(hub.uploads) == 1


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "the token in the Secret is not accepted"),
        (402, "402"),
        (403, "must be allowed to write to this repository"),
        (413, "413"),
    ],
)
def test_a_refusal_is_one_line_with_advice(tmp_path: Path, hub: PushHub, status: int, advice: str) -> None:
    _write_export(tmp_path)
    hub.refusals = {"/api/repos/create": status}
    result = run_export_command(build_export_spec(tmp_path, push=PUSH), HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN)
    assert result.returncode == 2
    assert f"mixcpt-export model: {REPOSITORY}: " in result.stderr
    assert advice in result.stderr


def test_an_upload_that_the_hub_refuses_names_the_file_and_the_status(tmp_path: Path, hub: PushHub) -> None:
    _write_export(tmp_path)
    hub.refusals = {"/upload": 403}
    result = run_export_command(build_export_spec(tmp_path, push=PUSH), HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN)
    assert result.returncode == 2
    assert "Error while uploading 'model.safetensors'" in result.stderr
    assert "403" in result.stderr


def test_a_busy_hub_may_be_tried_again(tmp_path: Path, hub: PushHub) -> None:
    _write_export(tmp_path)
    hub.refusals = {"/commit/main": 412}
    result = run_export_command(build_export_spec(tmp_path, push=PUSH), HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN)
    assert result.returncode == 1


def test_an_unreachable_hub_may_be_tried_again(tmp_path: Path) -> None:
    _write_export(tmp_path)
    spec = build_export_spec(tmp_path, push=PUSH)
    result = run_export_command(spec, HF_ENDPOINT="http://127.0.0.1:9", HF_TOKEN=TOKEN)
    assert result.returncode == 1
    assert f"{REPOSITORY}: the hub did not respond: " in result.stderr


def test_takes_a_token_that_ends_in_a_line_break_and_prints_none_that_is_broken(tmp_path: Path, hub: PushHub) -> None:
    _write_export(tmp_path)
    spec = build_export_spec(tmp_path, push=PUSH)
    result = run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=f"{TOKEN}\n")
    assert result.returncode == 0, result.stderr
    assert hub.tokens == {f"Bearer {TOKEN}"}
    result = run_export_command(spec, HF_ENDPOINT=hub.endpoint, HF_TOKEN=f"{TOKEN}\nsecond")
    assert result.returncode == 2
    assert "HF_TOKEN: holds characters that no token has" in result.stderr
    assert TOKEN not in result.stdout + result.stderr


def test_a_push_without_a_token_is_refused(tmp_path: Path) -> None:
    _write_export(tmp_path)
    result = run_export_command(build_export_spec(tmp_path, push=PUSH))
    assert result.returncode == 2
    assert "HF_TOKEN: is empty; the Secret that mixcpt:tokenSecret names must have this key" in result.stderr
