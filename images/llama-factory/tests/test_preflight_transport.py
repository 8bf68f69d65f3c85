"""What preflight reads from the lines that RCCL prints."""

from pathlib import Path

import pytest

from mixcpt_preflight.rccl_warnings import check_warnings
from mixcpt_preflight.transport import check_transport, parse_transports

OUTPUTS = Path(__file__).parent / "preflight_outputs"


def read_log(name: str) -> str:
    return (OUTPUTS / name).read_text(encoding="utf-8")


def test_reads_the_transports_that_rccl_prints() -> None:
    assert parse_transports(read_log("rccl-frontier.log")) == {"P2P/IPC": 2, "NET/AWS Libfabric/GDRDMA": 1}
    assert parse_transports(read_log("rccl-socket.log")) == {"NET/Socket": 2}
    assert parse_transports(read_log("rccl-rdma.log")) == {"NET/IB": 2}


@pytest.mark.parametrize(
    ("log", "status"), [("rccl-frontier.log", "pass"), ("rccl-socket.log", "warn"), ("rccl-rdma.log", "warn")]
)
def test_between_nodes_only_rdma_from_the_device_passes(log: str, status: str) -> None:
    assert check_transport(read_log(log), between_nodes=True).status == status


def test_tells_an_image_without_libibverbs_from_a_pod_without_rdma_devices() -> None:
    no_library = "h:1:2 [0] NCCL INFO Failed to open libibverbs.so[.1]\n" + read_log("rccl-socket.log")
    assert "install libibverbs1" in check_transport(no_library, between_nodes=True).advice
    assert "give the pods one" in check_transport(read_log("rccl-socket.log"), between_nodes=True).advice


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("ROCr version 1.14", "load the peer memory driver of the adapters, and set NCCL_NET_GDR_LEVEL"),
        ("Dmabuf feature disabled without NCCL_DMABUF_ENABLE=1", "or set NCCL_DMABUF_ENABLE: 1 in training.env"),
        ("Could not open kernel conf file", "set RCCL_FORCE_ENABLE_DMABUF: 1"),
        ("Found /sys/kernel/mm/memory_peers/amdkfd/version", "set NCCL_NET_GDR_LEVEL in training.env to the distance"),
    ],
)
def test_tells_why_rdma_does_not_read_the_memory_of_the_device(line: str, cure: str) -> None:
    log = f"node01:150770:150790 [0] NCCL INFO {line}\n" + read_log("rccl-rdma.log")
    assert cure in check_transport(log, between_nodes=True).advice


def test_reports_each_warning_of_rccl_once_and_none_of_a_check_that_a_variable_leaves_out() -> None:
    result = check_warnings(read_log("rccl-warnings.log"))
    assert (result.status, result.value) == ("warn", 2.0)
    assert result.detail.startswith(
        "NUMA auto balancing enabled which can lead to variability in the RCCL performance!"
    )
    assert '; Missing "iommu=pt" from kernel command line' in result.detail
    forced = "h:1:2 [0] init.cc:1 NCCL WARN DMA_BUF Support is force enabled, so explicitly setting it"
    assert check_warnings(forced).status == "pass"
    assert check_warnings("").status == "skipped"


def test_within_a_node_data_must_not_leave_it() -> None:
    assert check_transport(read_log("rccl-node.log"), between_nodes=False).status == "pass"
    assert check_transport(read_log("rccl-socket.log"), between_nodes=False).status == "fail"
    shared = "h:1:2 [0] NCCL INFO Channel 00 : 0[1] -> 1[1] via SHM/direct/direct"
    assert check_transport(shared, between_nodes=False).status == "warn"
    assert check_transport(read_log("rccl-node.log") + shared, between_nodes=False).status == "warn"
    assert check_transport("", between_nodes=False).status == "warn"
