"""The Containerfiles for AMD GPUs set what images/base/Containerfile sets, and take their base by argument only."""

import re
from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[2]
ONLY_FOR_DEBIAN = {"UCX_LOG_LEVEL", "USE_LIBUV"}


def _read_environment(path: Path) -> dict[str, str]:
    variables = re.findall(r"^(?:ENV|   ) +([A-Z0-9_]+)=(\S+)", path.read_text(), re.MULTILINE)
    return {name: value for name, value in variables if name != "PATH" and not name.startswith("SACREBLEU")}


@pytest.mark.parametrize("image", ["llama-factory", "evaluate"])
def test_sets_the_environment_of_the_images_for_cpus(image: str) -> None:
    base = _read_environment(IMAGES / "base/Containerfile")
    rocm = _read_environment(IMAGES / image / "Containerfile.rocm")
    expected = {name: base[name] for name in base.keys() - ONLY_FOR_DEBIAN}
    assert {"HOME", "USER", "LOGNAME", "OMP_NUM_THREADS"} <= expected.keys()
    assert expected.items() <= rocm.items()


@pytest.mark.parametrize("image", ["llama-factory", "evaluate"])
def test_runs_as_the_pods_user_on_a_base_without_a_default(image: str) -> None:
    lines = (IMAGES / image / "Containerfile.rocm").read_text().splitlines()
    assert "ARG BASE" in lines
    assert "FROM ${BASE}" in lines
    assert [line for line in lines if line.startswith("USER")][-1] == "USER 1000:1000"
    assert lines[-1] == (IMAGES / image / "Containerfile").read_text().splitlines()[-1]


@pytest.mark.parametrize("image", ["llama-factory", "evaluate"])
def test_writes_caches_below_tmp_only(image: str) -> None:
    environment = _read_environment(IMAGES / image / "Containerfile.rocm")
    caches = {name: value for name, value in environment.items() if re.search("CACHE|_HOME|MIOPEN|EXTENSIONS", name)}
    assert len(caches) >= 5
    assert all(value.startswith("/tmp/") for value in caches.values())
