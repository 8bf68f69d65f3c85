"""The small image runs the programs of pods that wait and publish, without the packages of the large ones."""

import json
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from licenses_fixture import list_packages_without_license


@pytest.mark.parametrize("package", ["torch", "transformers", "pandas", "pip", "setuptools"])
def test_has_no_package_that_these_programs_do_not_use(package: str) -> None:
    assert find_spec(package) is None


def test_has_the_license_of_each_debian_package() -> None:
    assert list_packages_without_license() == []


def test_waits_for_the_marker_of_each_folder(tmp_path: Path) -> None:
    (tmp_path / "COMPLETE").touch()
    assert subprocess.run(["mixcpt-await", tmp_path], timeout=60, check=False).returncode == 0


def test_collects_the_scores_of_a_run_and_needs_only_an_api_server(tmp_path: Path) -> None:
    scores = tmp_path / "sib200"
    scores.mkdir()
    unit = {"benchmark": "sib200", "language": "zul_Latn", "direction": None, "items": 1}
    score = {"metric": "accuracy", "value": 40.0, "signature": "s"}
    (scores / "zul_Latn.json").write_text(json.dumps({**unit, "scores": [score]}))
    spec = {
        "run": "tiny-base-00000000",
        "cell": "Tiny-base",
        "scores": [str(scores)],
        "expected": [],
        "checkpoint": str(tmp_path),
        "configMap": {"namespace": "mixcpt", "name": "scores-tiny-base-00000000"},
    }
    publish = subprocess.run(
        ["mixcpt-evaluate", "publish"],
        env={**os.environ, "MIXCPT_SPEC": json.dumps(spec), "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert publish.returncode == 2
    assert "publishing needs a pod with a mounted service account" in publish.stderr
