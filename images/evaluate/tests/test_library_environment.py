"""The variables of the libraries under a user id without a passwd entry and without a writable home."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mixcpt_evaluate.backends.library_environment import prepare_library_environment

# As vLLM 0.22: the name of the user is read while the module is imported.
_VLLM = """
import getpass, os, pathlib
getpass.getuser()
for name in ("VLLM_CACHE_ROOT", "HF_HOME", "TRITON_CACHE_DIR"):
    pathlib.Path(os.environ[name]).mkdir(parents=True, exist_ok=True)
class SamplingParams: pass
class LLM:
    def __init__(self, **settings): print("loaded", settings["model"])
"""
_LOAD = """
import pwd
def raise_key_error(uid): raise KeyError(f"getpwuid(): uid not found: {uid}")
pwd.getpwuid = raise_key_error
from pathlib import Path
from mixcpt_evaluate.backends.vllm_backend import VllmBackend
VllmBackend.load(Path("/c"), 42)
"""
_PATHS = [str(Path(__file__).parents[2] / name) for name in ("base", "evaluate")]


@pytest.mark.parametrize("home", [None, "/does-not-exist"])
def test_loads_vllm_under_a_user_id_without_an_entry_or_a_writable_home(tmp_path: Path, home: str | None) -> None:
    (tmp_path / "vllm.py").write_text(_VLLM)
    (tmp_path / "transformers.py").write_text('__version__ = "5.6.0"\n')
    environment = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *_PATHS]), "TMPDIR": str(tmp_path)}
    environment |= {} if home is None else {"HOME": home}
    result = subprocess.run([sys.executable, "-c", _LOAD], env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "loaded /c\n", "")


def test_keeps_what_is_set_and_a_writable_home(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "USER": "ada"}
    prepare_library_environment(environment)
    assert environment == {"HOME": str(tmp_path), "USER": "ada", "LOGNAME": "mixcpt"}


def test_puts_caches_below_the_temporary_folder_without_a_writable_home() -> None:
    environment = {"HOME": "/does-not-exist", "HF_HOME": "/store/hub", "USER": ""}
    prepare_library_environment(environment)
    assert environment["HF_HOME"] == "/store/hub"
    assert environment["USER"] == "mixcpt"
    for name in ("VLLM_CACHE_ROOT", "TRITON_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR", "XDG_CACHE_HOME"):
        assert Path(environment[name]).parent == Path(tempfile.gettempdir())
