"""A vendor's packages must keep the versions of the lock that this project's packages were resolved with."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PROGRAM = Path(__file__).parents[1] / "check_lock.py"


def _check(tmp_path: Path, lock: str, requirements: str | None = None) -> str:
    paths = [tmp_path / "base.lock", tmp_path / "requirements.txt"]
    for path, text in zip(paths, (lock, requirements), strict=True):
        if text is not None:
            path.write_text(text)
    command = [sys.executable, str(PROGRAM), *(str(path) for path in paths if path.exists())]
    return subprocess.run(command, check=False, capture_output=True, text=True).stderr


def test_accepts_a_base_that_has_the_versions_of_its_lock(tmp_path: Path) -> None:
    assert _check(tmp_path, f"# image: x\npytest=={version('pytest')}\nPyYAML>=5.1\n") == ""


def test_names_every_package_that_differs(tmp_path: Path) -> None:
    problems = _check(tmp_path, "pytest==0.0.1+rocm\ntorch-of-a-vendor\n")
    assert f"pytest has the version {version('pytest')}; the lock has pytest==0.0.1+rocm" in problems
    assert "torch-of-a-vendor is missing; the lock has torch-of-a-vendor" in problems
    assert "run images/lock" in problems


def test_ignores_what_the_requirements_replace(tmp_path: Path) -> None:
    assert _check(tmp_path, "PyTest==0.0.1\n", "pytest==9.9 \\\n    --hash=sha256:0\n") == ""
