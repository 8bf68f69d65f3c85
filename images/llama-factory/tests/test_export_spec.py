"""What an export refuses before it writes anything."""

from pathlib import Path

import pytest
from checkpoint_fixture import truncate_file
from export_fixture import build_export_spec, run_export_command, write_finished_run

from mixcpt_export.export_spec import read_export_spec
from mixcpt_export.main import resolve_step
from mixcpt_export.model_files import write_config
from mixcpt_store.complete import MARKER, mark_complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def test_reports_all_problems_of_a_spec_at_once(tmp_path: Path) -> None:
    spec = build_export_spec(tmp_path, checkpoint="here", push={"repository": "a/b"}, extra=1)
    with pytest.raises(InputError) as error:
        read_export_spec(Spec(spec))
    for problem in ("spec.checkpoint is 'here'", "spec.push.private is missing", "spec.extra is not a known key"):
        assert problem in str(error.value)


@pytest.mark.parametrize("name", [MARKER, f"checkpoint-4500/{MARKER}"])
def test_an_unfinished_run_or_checkpoint_is_not_exported(tmp_path: Path, name: str) -> None:
    (write_finished_run(tmp_path) / name).unlink()
    result = run_export_command(build_export_spec(tmp_path))
    assert result.returncode == 1
    assert "is there but unfinished: wait for the step that writes" in result.stderr
    assert [path.name for path in (tmp_path / "exports").glob("[!.]*")] == ["l3-bi-code-stag-0a1b2c3d-1.attempts"]


def test_a_damaged_checkpoint_is_refused_by_the_name_of_its_file(tmp_path: Path) -> None:
    truncate_file(write_finished_run(tmp_path) / "checkpoint-4500" / "model.safetensors")
    result = run_export_command(build_export_spec(tmp_path))
    assert result.returncode == 2
    assert "these files are missing or damaged: model.safetensors" in result.stderr


def test_a_complete_export_is_left_alone(tmp_path: Path) -> None:
    spec = build_export_spec(tmp_path)
    Path(spec["output"]).mkdir(parents=True)
    mark_complete(Path(spec["output"]))
    result = run_export_command(spec)
    assert (result.returncode, result.stdout) == (0, f"{spec['output']} is already complete\n")


def test_the_last_checkpoint_has_the_step_of_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "checkpoint-24").mkdir()
    (tmp_path / "checkpoint-last").symlink_to("checkpoint-24")
    assert resolve_step(tmp_path / "checkpoint-last") == 24


def test_the_configuration_can_be_read_by_transformers_4_too(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    rope = '{"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0}'
    (tmp_path / "config.json").write_text(f'{{"dtype": "float32", "rope_parameters": {rope}}}')
    write_config(tmp_path, tmp_path / "out")
    text = (tmp_path / "out" / "config.json").read_text()
    assert '"dtype": "bfloat16"' in text
    assert '"rope_theta": 500000.0' in text
    assert '"dtype": "bfloat16"' in text
    assert '"torch_dtype": "bfloat16"' in text
    assert '"rope_scaling": {' in text
