"""PCIe links, and the versions that are compared between nodes."""

from pathlib import Path

import pytest
from sysfs_fixture import FULL_LINK, NodeTree, link, write

from mixcpt_preflight.facts import read_facts
from mixcpt_preflight.pcie_links import check_pcie_links


def test_warns_of_a_link_with_fewer_lanes_or_less_speed_than_both_ends_can_do(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    tree.add_gpu("0000:05:00.0")
    tree.add_adapter("mlx5_0")
    assert check_pcie_links(tree.paths())[0].status == "pass"
    tree.add_gpu("0000:26:00.0", ("32.0 GT/s PCIe", "8"))
    tree.add_gpu("0000:46:00.0", ("2.5 GT/s PCIe", "16"))
    result = check_pcie_links(tree.paths())[0]
    assert (result.status, result.value) == ("warn", 2.0)
    assert "0000:26:00.0 has 32 GT/s x8 of 32 GT/s x16; 0000:46:00.0 has 2.5 GT/s x16" in result.advice


def test_a_card_that_is_newer_than_its_slot_is_at_its_maximum(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path, slot=("16.0 GT/s PCIe", "16"))
    tree.add_gpu("0000:05:00.0", ("16.0 GT/s PCIe", "16"))
    assert check_pcie_links(tree.paths())[0].status == "pass"


@pytest.mark.parametrize("unknown", [("Unknown", "0"), ("Unknown", "255"), ("", "")])
def test_skips_devices_without_a_pcie_link(tmp_path: Path, unknown: tuple[str, str]) -> None:
    tree = NodeTree(tmp_path)
    tree.add_gpu("0000:05:00.0", unknown)
    assert check_pcie_links(tree.paths())[0].status == "skipped"


def test_a_virtual_function_has_the_link_of_its_card_and_adapters_that_rccl_leaves_out_do_not_count(
    tmp_path: Path,
) -> None:
    tree = NodeTree(tmp_path)
    card = tree.add_card("0000:0a:00.0", ("32.0 GT/s PCIe", "4"), FULL_LINK)
    function = tree.add_adapter("mlx5_0").resolve().parents[3]
    write(function / "current_link_speed", "Unknown")
    link(function / "physfn", card)
    assert check_pcie_links(tree.paths())[0].status == "warn"
    assert check_pcie_links(tree.paths({"NCCL_IB_HCA": "^mlx5_0"}))[0].status == "skipped"


def test_facts_name_the_driver_the_firmware_and_what_differs_within_a_node(tmp_path: Path) -> None:
    tree = NodeTree(tmp_path)
    assert {"amdgpu", "adapters"}.isdisjoint(read_facts(tree.paths(), on_gpu=False))
    write(tree.sysfs / "module/amdgpu/version", "6.12.12")
    tree.add_gpu("0000:05:00.0")
    tree.add_gpu("0000:26:00.0", gib=96)
    tree.add_adapter("mlx5_0")
    other = tree.add_adapter("mlx5_1").parents[1]
    write(other / "fw_ver", "28.40.1000")
    facts = read_facts(tree.paths(), on_gpu=True)
    assert facts["amdgpu"] == "6.12.12"
    assert facts["vbios"] == "2 × 113-M3000100-103"
    assert facts["gpu-memory"] == "1 × 192 GiB, 1 × 96 GiB"
    assert facts["adapters"] == "2 × MT4129"
    assert facts["adapter-firmware"] == "1 × 28.39.2048, 1 × 28.40.1000"
    assert facts["port-rates"] == "2 × 400 Gb/sec (4X NDR)"
    assert facts["mtu"] == "2 × 9000"
    assert "adapter-firmware" not in read_facts(tree.paths({"NCCL_IB_HCA": "=none"}), on_gpu=False)
