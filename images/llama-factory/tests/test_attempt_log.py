import sys
from pathlib import Path

import pytest
import yaml

from mixcpt_train.attempt_log import keep_failed_log
from mixcpt_train.training_process import TrainingProcess, start_process


def _run(code: str, folder: Path) -> TrainingProcess:
    process = start_process([sys.executable, "-c", code], {}, folder)
    process.wait()
    return process


def test_keeps_the_end_of_a_failed_attempt_beside_the_run(tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text(yaml.safe_dump({"attempts": [{}, {}]}))
    process = _run("import sys; print('x' * 100_000 + 'the cause', file=sys.stderr); sys.exit(1)", tmp_path)
    keep_failed_log(tmp_path, 1, process)
    kept = (tmp_path / "attempts" / "2-node-1.log").read_text()
    assert kept.endswith("xthe cause\n")
    assert len(kept) == 64 * 1024


def test_keeps_nothing_of_an_attempt_that_succeeds(tmp_path: Path) -> None:
    keep_failed_log(tmp_path, 0, _run("pass", tmp_path))
    assert not (tmp_path / "attempts").exists()


def test_a_full_store_does_not_hide_the_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "attempts").write_text("in the way")
    keep_failed_log(tmp_path, 0, _run("raise SystemExit(1)", tmp_path))
    assert "the log of this attempt cannot be kept" in capfd.readouterr().out
