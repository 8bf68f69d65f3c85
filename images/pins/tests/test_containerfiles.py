"""Containerfiles copy what their image installs; those for AMD GPUs set what images/base/Containerfile sets."""

import re
import tomllib
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


def test_the_image_that_trains_on_amd_gpus_has_the_library_for_rdma_and_its_providers() -> None:
    lines = (IMAGES / "llama-factory/Containerfile.rocm").read_text()
    assert "install -y --no-install-recommends libibverbs1 ibverbs-providers" in lines
    assert lines.index("ibverbs-providers") < lines.index("USER 1000:1000")


@pytest.mark.parametrize("image", ["base", "data", "llama-factory", "evaluate"])
@pytest.mark.parametrize("file", ["Containerfile", "Containerfile.rocm"])
def test_copies_every_package_of_the_image_and_the_modules_of_its_programs(image: str, file: str) -> None:
    folder = IMAGES / image
    if not (folder / file).exists():
        return
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    packages = {path.name for path in folder.glob("mixcpt_*") if path.is_dir()}
    modules = [f"{name}.py" for name in project["tool"]["setuptools"].get("py-modules", [])]
    lines = re.findall("^COPY (.*)", (folder / file).read_text(), re.MULTILINE)
    copied = {name for line in lines for name in line.split()}
    assert {*packages, *modules} <= copied
    listed = project["tool"]["setuptools"]["packages"]
    assert isinstance(listed, dict) or packages <= set(listed)
    for program in project["project"].get("scripts", {}).values():
        module = program.split(":")[0].replace(".", "/")
        assert (folder / f"{module}.py").exists(), program


def test_the_page_of_the_images_names_every_program() -> None:
    page = (IMAGES / "README.md").read_text()
    projects = [tomllib.loads(path.read_text()) for path in IMAGES.glob("*/pyproject.toml")]
    programs = {name for project in projects for name in project["project"].get("scripts", {})}
    # mixcpt-train starts this one
    assert {name for name in programs if f"`{name}`" not in page} == {"mixcpt-trainer"}
