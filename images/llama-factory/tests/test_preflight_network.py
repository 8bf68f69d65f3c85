"""The checks of adapters and interfaces: only those that RCCL uses count."""

import resource
from pathlib import Path

import pytest
from sysfs_fixture import NodeTree, write

from mixcpt_preflight.name_selection import NameSelection
from mixcpt_preflight.network_devices import check_network_devices
from mixcpt_preflight.rdma_library import check_rdma_library
from mixcpt_store.check_result import CheckResult

DOWN = ("1: DOWN", "2: Polling")
OFF = ("1: DOWN", "3: Disabled")


def check(tree: NodeTree, limit: int = resource.RLIM_INFINITY, **environment: str) -> dict[str, CheckResult]:
    return {result.name: result for result in check_network_devices(tree.paths(environment), limit)}


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("", {"mlx5_0:1", "mlx5_0:2", "mlx5_10:1", "bnxt_0:1"}),
        ("mlx5", {"mlx5_0:1", "mlx5_0:2", "mlx5_10:1"}),
        ("mlx5_0:2,bnxt", {"mlx5_0:2", "bnxt_0:1"}),
        ("=mlx5_0", {"mlx5_0:1", "mlx5_0:2"}),
        ("=mlx5", set()),
        ("^mlx5_0:1", {"mlx5_0:2", "mlx5_10:1", "bnxt_0:1"}),
        ("^=mlx5_1", {"mlx5_0:1", "mlx5_0:2", "mlx5_10:1", "bnxt_0:1"}),
    ],
)
def test_reads_lists_of_adapters_as_nccl_does(text: str, selected: set[str]) -> None:
    selection = NameSelection.parse(text)
    ports = [("mlx5_0", "1"), ("mlx5_0", "2"), ("mlx5_10", "1"), ("bnxt_0", "1")]
    assert {f"{name}:{port}" for name, port in ports if selection.selects(name, port)} == selected


def test_names_the_ports_that_are_down_and_the_limit_of_locked_memory(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    tree.add_adapter("mlx5_0")
    tree.add_adapter("mlx5_1", *DOWN)
    results = check(tree, limit=8 * 2**20)
    assert (results["network-devices"].status, results["network-devices"].value) == ("warn", 1.0)
    assert "driver of mlx5_1:1, or leave it out" in results["network-devices"].advice
    assert results["locked-memory"].status == "fail"
    assert "LimitMEMLOCK=infinity" in results["locked-memory"].advice
    assert check(tree)["locked-memory"].status == "pass"


def test_a_port_that_nccl_ib_hca_leaves_out_or_that_is_switched_off_does_not_count(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    tree.add_adapter("mlx5_0")
    tree.add_adapter("storage_0", *DOWN)
    assert check(tree)["network-devices"].status == "warn"
    left_out = check(tree, NCCL_IB_HCA="^storage_0")["network-devices"]
    assert (left_out.status, left_out.detail) == ("pass", "1 of 1 RDMA ports are active; RCCL does not use 1 more")
    tree.add_adapter("mlx5_1", *OFF)
    assert check(tree, NCCL_IB_HCA="mlx5_0")["network-devices"].status == "pass"
    assert check(tree, NCCL_IB_HCA="mlx5")["network-devices"].status == "warn"


def test_fails_where_the_adapters_of_nccl_ib_hca_are_missing_or_all_down(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    assert check(tree, NCCL_IB_HCA="mlx5_0")["network-devices"].status == "fail"
    tree.add_adapter("mlx5_0", *DOWN)
    tree.add_adapter("mlx5_1", openable=False)
    assert check(tree, NCCL_IB_HCA="mlx5_0")["network-devices"].status == "fail"
    closed = check(tree, NCCL_IB_HCA="mlx5_1")["network-devices"]
    assert (closed.status, "mlx5_0:1, mlx5_1:1; NCCL_IB_HCA=mlx5_1 selects none" in closed.detail) == ("fail", True)


def test_skips_the_network_of_a_node_without_rdma_and_devices_that_the_pod_cannot_open(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    assert [result.status for result in check(tree).values()] == ["skipped"]
    tree.add_adapter("mlx5_0", openable=False)
    closed = check(tree, limit=0)
    assert (list(closed), closed["network-devices"].status) == (["network-devices"], "skipped")
    assert "the pod can open none" in closed["network-devices"].detail
    tree.add_adapter("mlx5_1", *DOWN)
    assert check(tree, NCCL_IB_DISABLE="1")["network-devices"].status == "skipped"


def test_a_roce_port_needs_an_address_of_version_2(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    tree.add_adapter("mlx5_0")
    port = tree.add_adapter("mlx5_1")
    assert check(tree)["gids"].status == "pass"
    write(port / "gid_attrs/types/1", "IB/RoCE v1")
    result = check(tree)["gids"]
    assert (result.status, result.value) == ("fail", 1.0)
    assert "cannot connect mlx5_1:1:" in result.advice
    write(port / "link_layer", "InfiniBand")
    assert check(tree)["gids"].status == "pass"


@pytest.mark.parametrize(
    ("index", "status"), [("1", "pass"), ("0", "fail"), ("2", "fail"), ("7", "fail"), ("-1", "pass")]
)
def test_the_address_that_nccl_ib_gid_index_names_must_be_usable(tmp_path: Path, index: str, status: str) -> None:
    tree = NodeTree(tmp_path)
    tree.add_adapter("mlx5_0")
    assert check(tree, NCCL_IB_GID_INDEX=index)["gids"].status == status


def test_checks_the_interfaces_of_nccl_socket_ifname_only(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    for name, state in {"hsn0": "up", "hsn1": "down", "eth0": "down", "lo": "unknown"}.items():
        write(tree.sysfs / f"class/net/{name}/operstate", state)
    assert "network-interfaces" not in check(tree)
    assert check(tree, NCCL_SOCKET_IFNAME="hsn0")["network-interfaces"].status == "pass"
    some = check(tree, NCCL_SOCKET_IFNAME="hsn")["network-interfaces"]
    assert (some.status, some.advice) == ("warn", "hsn1 is down: check cable and switch")
    none = check(tree, NCCL_SOCKET_IFNAME="bond0")["network-interfaces"]
    assert (none.status, none.advice.endswith("present: eth0, hsn0, hsn1")) == ("fail", True)
    assert check(tree, NCCL_SOCKET_IFNAME="eth0")["network-interfaces"].status == "fail"


def test_names_the_adapters_for_which_libibverbs_has_no_provider(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    tree.add_adapter("mlx5_0")
    tree.add_adapter("ionic_0")
    known: tuple[set[str], ...] = ({"mlx5_0", "ionic_0"}, {"mlx5_0"}, set())
    results = [check_rdma_library(tree.paths(), devices.copy)[0] for devices in known]
    assert [result.status for result in results] == ["pass", "warn", "fail"]
    assert results[1].advice.endswith("none is for ionic_0")
    assert check_rdma_library(tree.paths({"NCCL_IB_HCA": "mlx5"}), {"mlx5_0"}.copy)[0].status == "pass"


def test_fails_an_image_without_libibverbs_only_where_rccl_would_use_it(tmp_path: Path) -> None:
    def fail() -> set[str]:
        raise OSError("libibverbs.so.1: cannot open shared object file")

    tree = NodeTree(tmp_path)
    tree.add_adapter("mlx5_0", openable=False)
    assert check_rdma_library(tree.paths(), fail) == []
    tree.add_adapter("mlx5_1")
    missing = check_rdma_library(tree.paths(), fail)[0]
    assert (missing.status, missing.detail) == ("fail", "libibverbs.so.1: cannot open shared object file")
    assert "ibverbs-providers" in missing.advice
    assert check_rdma_library(tree.paths({"NCCL_IB_DISABLE": "1"}), fail)[0].status == "skipped"
