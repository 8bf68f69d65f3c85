"""The checks of a node's devices and of its host, with stored outputs and a made-up /sys."""

import resource
from pathlib import Path

import pytest

from mixcpt_preflight.devices import check_devices, count_drm_devices, count_kfd_devices
from mixcpt_preflight.health import check_health, parse_metrics
from mixcpt_preflight.host import check_network_devices, check_shared_memory, read_facts
from mixcpt_preflight.rdma_library import check_rdma_library
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
    assert (count_kfd_devices(sysfs), count_drm_devices(sysfs)) == (8, 8)


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
    results = by_name(check_health((OUTPUTS / "amd-smi-rocm6.json").read_text(encoding="utf-8")))
    assert results["ecc"].status == "warn"
    assert "0 uncorrectable and 5 correctable" in results["ecc"].detail
    assert (results["xgmi"].status, results["throttling"].status) == ("skipped", "skipped")


def test_reads_the_mapping_of_rocm_7_and_fails_for_uncorrectable_and_link_errors() -> None:
    results = by_name(check_health((OUTPUTS / "amd-smi-rocm7.json").read_text(encoding="utf-8")))
    assert (results["ecc"].status, results["ecc"].value) == ("fail", 1.0)
    assert results["xgmi"].status == "fail"
    assert results["xgmi"].detail.startswith("device 1:")
    assert (results["throttling"].status, results["throttling"].detail) == ("warn", "device 1: ppt")


def test_warns_of_a_tool_that_prints_something_else() -> None:
    assert check_health("ERROR: no driver")[0].status == "warn"
    assert check_health('{"gpus": 8}')[0].status == "warn"
    assert check_health(None)[0].status == "skipped"
    with pytest.raises(ValueError, match="no list of devices"):
        parse_metrics("[1, 2]")


def test_compares_shared_memory_with_that_of_a_training(tmp_path: Path) -> None:
    assert check_shared_memory(1, tmp_path)[0].status == "pass"
    assert check_shared_memory(2**60, tmp_path)[0].status == "fail"


def make_port(sysfs: Path, device: str, state: str) -> None:
    write(sysfs / f"class/infiniband/{device}/ports/1/state", state)


def test_names_the_ports_that_are_down_and_the_limit_of_locked_memory(tmp_path: Path) -> None:
    make_port(tmp_path, "mlx5_0", "4: ACTIVE\n")
    make_port(tmp_path, "mlx5_1", "1: DOWN\n")
    results = by_name(check_network_devices(tmp_path, limit=8 * 2**20))
    assert results["network-devices"].status == "warn"
    assert results["network-devices"].advice == "check cable, switch and driver of mlx5_1:1"
    assert results["locked-memory"].status == "fail"
    assert "LimitMEMLOCK=infinity" in results["locked-memory"].advice
    unlimited = by_name(check_network_devices(tmp_path, limit=resource.RLIM_INFINITY))
    assert unlimited["locked-memory"].status == "pass"


def test_skips_the_network_of_a_node_without_rdma(tmp_path: Path) -> None:
    assert [result.status for result in check_network_devices(tmp_path)] == ["skipped"]


def test_names_the_adapters_for_which_libibverbs_has_no_provider(tmp_path: Path) -> None:
    make_port(tmp_path, "mlx5_0", "4: ACTIVE\n")
    make_port(tmp_path, "ionic_0", "4: ACTIVE\n")
    known: tuple[set[str], ...] = ({"mlx5_0", "ionic_0"}, {"mlx5_0"}, set())
    results = [check_rdma_library(tmp_path, devices.copy, {})[0] for devices in known]
    assert [result.status for result in results] == ["pass", "warn", "fail"]
    assert results[1].advice.endswith("none is for ionic_0")


def test_fails_an_image_without_libibverbs_only_where_rccl_would_use_it(tmp_path: Path) -> None:
    def fail() -> set[str]:
        raise OSError("libibverbs.so.1: cannot open shared object file")

    assert check_rdma_library(tmp_path, fail, {}) == []
    make_port(tmp_path, "mlx5_0", "4: ACTIVE\n")
    missing = check_rdma_library(tmp_path, fail, {})[0]
    assert (missing.status, missing.detail) == ("fail", "libibverbs.so.1: cannot open shared object file")
    assert "ibverbs-providers" in missing.advice
    assert check_rdma_library(tmp_path, fail, {"NCCL_IB_DISABLE": "1"})[0].status == "skipped"


def test_reads_the_version_of_the_driver_where_there_is_one(tmp_path: Path) -> None:
    assert "amdgpu" not in read_facts(tmp_path)
    write(tmp_path / "module/amdgpu/version", "6.12.12\n")
    assert read_facts(tmp_path)["amdgpu"] == "6.12.12"
