"""The command that publishes starts with Debian's Python and PyYAML: the image `store` has no other packages."""

import os
import subprocess
import sys
from pathlib import Path

IMAGES = Path(__file__).parents[2]
LIST_IMPORTED_FILES = """
import sys
earlier = set(sys.modules)
import mixcpt_evaluate.main
for name in sys.modules.keys() - earlier:
    print(name, getattr(sys.modules[name], "__file__", None) or "")
"""


def test_the_evaluator_imports_other_packages_only_when_it_computes() -> None:
    python = subprocess.run(
        [sys.executable, "-c", LIST_IMPORTED_FILES],
        env={**os.environ, "PYTHONPATH": f"{IMAGES}/base:{IMAGES}/evaluate"},
        capture_output=True,
        text=True,
        check=True,
    )
    installed = [line for line in python.stdout.splitlines() if "-packages/" in line]
    assert {line.split()[0].partition(".")[0] for line in installed} <= {"yaml", "_yaml"}
    assert "mixcpt_evaluate.publish" in python.stdout
