"""The checks of a node's devices and of its host, with stored outputs and a made-up /sys."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mixcpt_preflight import health
from mixcpt_preflight.devices import check_devices, count_kfd_devices, list_drm_devices
from mixcpt_preflight.health import check_health, parse_metrics, read_metrics
from mixcpt_preflight.memory_limits import check_shared_memory
from mixcpt_store.check_result import CheckResult

OUTPUTS = Path(__file__).parent / "preflight_outputs"


def by_name(results: list[CheckResult]) -> dict[str, CheckResult]:
    return {result.name: result for result in results}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_sysfs(root: Path, devices: int) -> Path:
    nodes = root / "class/kfd/kfd/topology/nodes"
    write(nodes / "0/properties", "cpu_cores_count 64\nsimd_count 0\n")
    for index in range(1, devices + 1):
        write(nodes / f"{index}/properties", "cpu_cores_count 0\nsimd_count 440\ndevice_id 29704\n")
    for index in range(devices):
        write(root / f"class/drm/renderD{128 + index}/device/vendor", "0x1002\n")
    write(root / "class/drm/renderD200/device/vendor", "0x1a03\n")
    return root


def test_counts_the_gpus_of_the_driver_and_no_processor(tmp_path: Path) -> None:
    sysfs = make_sysfs(tmp_path, 8)
    assert (count_kfd_devices(sysfs), len(list_drm_devices(sysfs))) == (8, 8)


def test_tells_a_missing_device_from_one_that_the_pod_may_not_open(tmp_path: Path) -> None:
    missing = check_devices(8, 7, make_sysfs(tmp_path / "seven", 7))[0]
    closed = check_devices(8, 0, make_sysfs(tmp_path / "eight", 8))[0]
    assert (missing.status, closed.status) == ("fail", "fail")
    assert "a device is missing" in missing.advice
    assert "deviceGroups" in closed.advice


def test_skips_devices_that_are_emulated(tmp_path: Path) -> None:
    assert check_devices(8, None, tmp_path)[0].status == "skipped"
    assert check_devices(8, 8, make_sysfs(tmp_path, 8))[0].status == "pass"


def test_reads_the_list_of_rocm_6_and_warns_of_correctable_errors() -> None:
    results = by_name(check_health((OUTPUTS / "amd-smi-rocm6.json").read_text))
    assert results["ecc"].status == "warn"
    assert "0 uncorrectable and 5 correctable" in results["ecc"].detail
    assert (results["xgmi"].status, results["throttling"].status) == ("skipped", "skipped")


def test_reads_the_mapping_of_rocm_7_and_fails_for_uncorrectable_and_link_errors() -> None:
    results = by_name(check_health((OUTPUTS / "amd-smi-rocm7.json").read_text))
    assert (results["ecc"].status, results["ecc"].value) == ("fail", 1.0)
    assert results["xgmi"].status == "fail"
    assert results["xgmi"].detail.startswith("device 1:")
    assert (results["throttling"].status, results["throttling"].detail) == ("warn", "device 1: ppt")


def test_warns_of_a_tool_that_prints_something_else() -> None:
    assert check_health(lambda: "ERROR: no driver")[0].status == "warn"
    assert check_health(lambda: '{"gpus": 8}')[0].status == "warn"
    with pytest.raises(ValueError, match="no list of devices"):
        parse_metrics("[1, 2]")


def raise_error(error: Exception) -> Callable[[], str]:
    def read() -> str:
        raise error

    return read


def test_warns_where_the_tool_is_missing_or_fails_because_errors_of_memory_are_unchecked() -> None:
    missing = check_health(raise_error(FileNotFoundError("amd-smi is not in the image")))[0]
    assert (missing.status, "ECC errors, links and throttling are unchecked" in missing.detail) == ("warn", True)
    assert "amd-smi-lib" in missing.advice
    failed = check_health(raise_error(subprocess.CalledProcessError(255, "amd-smi", "ERROR: no driver\n", "")))[0]
    assert (failed.status, "ended with code 255: ERROR: no driver" in failed.detail) == ("warn", True)


def test_fails_a_node_whose_driver_does_not_answer_the_tool() -> None:
    assert check_health(raise_error(subprocess.TimeoutExpired("amd-smi", 60)))[0].status == "fail"


def test_does_not_wait_for_a_tool_that_the_kernel_does_not_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = tmp_path / "amd-smi"
    tool.write_text("#!/bin/sh\nexec sleep 30\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(health, "_TOOL_SECONDS", 0.5)
    killed: list[subprocess.Popen[str]] = []
    kill = subprocess.Popen.kill
    monkeypatch.setattr(subprocess.Popen, "kill", lambda program: killed.append(program))
    (result,) = check_health()
    assert (result.status, result.detail) == ("fail", "amd-smi has not answered for 0.5 s")
    (process,) = killed
    assert process.poll() is None
    kill(process)
    process.communicate()


def test_reads_what_the_tool_prints_and_why_it_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = tmp_path / "amd-smi"
    tool.write_text('#!/bin/sh\necho "$*"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_metrics() == "metric --json\n"
    tool.write_text("#!/bin/sh\necho 'amdgpu not found in modules' >&2\nexit 255\n")
    assert "ended with code 255: amdgpu not found in modules" in check_health()[0].detail


def test_says_that_the_image_lacks_the_tool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="amd-smi is not in the image"):
        read_metrics()


def test_compares_shared_memory_with_that_of_a_training(tmp_path: Path) -> None:
    assert check_shared_memory(1, tmp_path)[0].status == "pass"
    assert check_shared_memory(2**60, tmp_path)[0].status == "fail"
