"""The health that AMD's tool reports of each device: ECC errors, errors of xGMI links, throttling."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from mixcpt_store.check_result import CheckResult

_COMMAND = ("amd-smi", "metric", "--json")
_TOOL_SECONDS = 60
_NO_ERRORS = ("", "N/A", "No errors detected", "NO_ERRORS", "AMDSMI_XGMI_STATUS_NO_ERRORS")
_THROTTLE_SUFFIX = "_violation_status"


def read_metrics() -> str | None:
    """Returns the tool's output; None where the image has no such tool, or the pod may not use it."""
    try:
        process = subprocess.run(_COMMAND, capture_output=True, text=True, timeout=_TOOL_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
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


def check_health(output: str | None) -> list[CheckResult]:
    if output is None:
        return [CheckResult("health", "skipped", "amd-smi is not in the image, or may not read the devices")]
    try:
        devices = parse_metrics(output)
    except ValueError as error:
        return [CheckResult("health", "warn", f"amd-smi cannot be read: {error}", advice="run amd-smi on the node")]
    return [_check_ecc(devices), _check_xgmi(devices), _check_throttling(devices)]


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
