"""The health that AMD's tool reports of each device: ECC errors, errors of xGMI links, throttling."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

from mixcpt_store.check_result import CheckResult
from mixcpt_store.limited_program import run_limited

_TOOL = "amd-smi"
_ARGUMENTS = ("metric", "--json")
# Where ROCm's packages put the tool, which not all of AMD's images have on their PATH.
_ROCM_PROGRAMS = "/opt/rocm/bin"
_TOOL_SECONDS = 60
_NO_ERRORS = ("", "N/A", "No errors detected", "NO_ERRORS", "AMDSMI_XGMI_STATUS_NO_ERRORS")
_THROTTLE_SUFFIX = "_violation_status"


def read_metrics() -> str:
    """Returns the tool's output. Raises OSError where the image lacks it, SubprocessError where it fails or hangs."""
    program = shutil.which(_TOOL, path=f"{os.environ.get('PATH', '')}:{_ROCM_PROGRAMS}")
    if program is None:
        raise FileNotFoundError(f"{_TOOL} is not in the image")
    command = [program, *_ARGUMENTS]
    process = run_limited(command, _TOOL_SECONDS)
    process.check_returncode()
    return process.stdout


def parse_metrics(output: str) -> list[dict[str, Any]]:
    """Parses one mapping for each device: ROCm 6 prints a list, ROCm 7 a mapping with the list.

    Raises ValueError for any other output.
    """
    document = json.loads(output)
    devices = document.get("gpu_data") if isinstance(document, dict) else document
    if not isinstance(devices, list) or not all(isinstance(device, dict) for device in devices):
        raise ValueError("amd-smi printed no list of devices")
    return devices


def check_health(read: Callable[[], str] = read_metrics) -> list[CheckResult]:
    try:
        devices = parse_metrics(read())
    except subprocess.TimeoutExpired:
        detail = f"{_TOOL} has not answered for {_TOOL_SECONDS} s"
        return [CheckResult("health", "fail", detail, advice="the driver hangs: see `dmesg`, and reset the node")]
    except OSError as error:
        return [_warn_unchecked(str(error), f"use an image with {_TOOL} (AMD's package amd-smi-lib)")]
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:]
        return [_warn_unchecked(f"{_TOOL} ended with code {error.returncode}: {' '.join(last) or 'no message'}")]
    except ValueError as error:
        return [_warn_unchecked(f"{_TOOL} cannot be read: {error}")]
    return [_check_ecc(devices), _check_xgmi(devices), _check_throttling(devices)]


def _warn_unchecked(problem: str, cure: str = f"run `{_TOOL} metric` on the node") -> CheckResult:
    detail = f"{problem}, so ECC errors, links and throttling are unchecked"
    return CheckResult("health", "warn", detail, advice=cure)


def _check_ecc(devices: Sequence[dict[str, Any]]) -> CheckResult:
    uncorrectable = _sum_counts(devices, "total_uncorrectable_count")
    correctable = _sum_counts(devices, "total_correctable_count")
    detail = f"{uncorrectable} uncorrectable and {correctable} correctable errors since the driver was loaded"
    if uncorrectable > 0:
        advice = "drain the node and reset it; replace the device if errors return"
        return CheckResult("ecc", "fail", detail, float(uncorrectable), "errors", advice)
    if correctable > 0:
        advice = "watch the count: correctable errors that grow come before uncorrectable ones"
        return CheckResult("ecc", "warn", detail, 0.0, "errors", advice)
    return CheckResult("ecc", "pass", detail, 0.0, "errors")


def _sum_counts(devices: Sequence[dict[str, Any]], key: str) -> int:
    """Adds up a count; a device without ECC reports text in its place."""
    sections = (device.get("ecc") for device in devices)
    counts = [str(section.get(key)) for section in sections if isinstance(section, dict)]
    return sum(int(count) for count in counts if count.isdigit())


def _check_xgmi(devices: Sequence[dict[str, Any]]) -> CheckResult:
    reports = {str(device.get("gpu", index)): device.get("xgmi_err") for index, device in enumerate(devices)}
    failing = [f"device {gpu}: {report}" for gpu, report in reports.items() if _has_xgmi_error(report)]
    if failing:
        advice = "reset the node; if the errors return, have its links checked"
        return CheckResult("xgmi", "fail", "; ".join(failing), float(len(failing)), "devices", advice)
    if all(report in (None, "N/A") for report in reports.values()):
        return CheckResult("xgmi", "skipped", "the devices report no state of their links")
    return CheckResult("xgmi", "pass", "no link reports errors", 0.0, "devices")


def _has_xgmi_error(report: object) -> bool:
    if isinstance(report, dict):
        return any(str(value).isdigit() and int(value) > 0 for key, value in report.items() if "error" in key)
    return str("" if report is None else report) not in _NO_ERRORS


def _check_throttling(devices: Sequence[dict[str, Any]]) -> CheckResult:
    sections = [(str(device.get("gpu", index)), device.get("throttle")) for index, device in enumerate(devices)]
    known = [(gpu, section) for gpu, section in sections if isinstance(section, dict)]
    active = [
        f"device {gpu}: {key.removesuffix(_THROTTLE_SUFFIX)}"
        for gpu, section in known
        for key, state in section.items()
        if key.endswith(_THROTTLE_SUFFIX) and state in ("ACTIVE", True)
    ]
    if active:
        advice = "check the cooling and the power limit of the node"
        return CheckResult("throttling", "warn", "; ".join(active), float(len(active)), "devices", advice)
    if not known:
        return CheckResult("throttling", "skipped", "the devices report no throttling; only those since MI300 do")
    return CheckResult("throttling", "pass", "no device is throttled", 0.0, "devices")
