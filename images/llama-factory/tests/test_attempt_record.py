"""Every attempt of a run leaves its image and versions in run.yaml."""

from pathlib import Path

import pytest
import yaml
from store_fixture import make_unreadable

from mixcpt_train.attempt_record import describe_attempt, read_attempts


def test_describes_image_attention_packages_and_drivers(tmp_path: Path) -> None:
    (tmp_path / "sys/module/amdgpu").mkdir(parents=True)
    (tmp_path / "sys/module/amdgpu/version").write_text("6.12.12\n")
    attempt = describe_attempt({"flash_attn": "sdpa"}, {"MIXCPT_IMAGE": "registry/llama-factory@sha256:1"}, tmp_path)
    assert attempt["image"] == "registry/llama-factory@sha256:1"
    assert attempt["versions"]["amdgpu"] == "6.12.12"
    assert attempt["versions"]["attention"] == "sdpa"
    assert "rocm" not in attempt["versions"]


def test_a_record_that_cannot_be_read_now_does_not_count_as_missing(tmp_path: Path) -> None:
    make_unreadable(tmp_path / "run.yaml")
    with pytest.raises(OSError, match="Input/output error"):
        read_attempts(tmp_path / "run.yaml")


def test_leaves_out_what_is_unknown(tmp_path: Path) -> None:
    assert "image" not in describe_attempt({}, {}, tmp_path)


@pytest.mark.parametrize(
    ("content", "attempts"),
    [(yaml.safe_dump({"attempts": [{"image": "a"}]}), [{"image": "a"}]), ("recipe: {}", []), ("[", []), ("- 1", [])],
)
def test_reads_earlier_attempts(tmp_path: Path, content: str, attempts: list[object]) -> None:
    assert read_attempts(tmp_path / "run.yaml") == []
    (tmp_path / "run.yaml").write_text(content)
    assert read_attempts(tmp_path / "run.yaml") == attempts
