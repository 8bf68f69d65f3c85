"""The transport that RCCL chose, from the lines that it prints with NCCL_DEBUG=INFO."""

import re
from collections import Counter

from mixcpt_store.check_result import CheckResult

# "Channel 00/0 : 4092[d6000] -> 0[d6000] [receive] via NET/AWS Libfabric/2/GDRDMA comm 0x9bbf3b0 nRanks 4096"
_CHANNEL = re.compile(r"NCCL INFO (?:Channel|Ring) [\d/]+ : \S+ -> \S+ .*?via (?P<transport>.+?)(?: comm .*)?$")

# "NCCL INFO Failed to open libibverbs.so[.1]", in RCCL as in NCCL
_NO_LIBRARY = "Failed to open libibverbs"


def parse_transports(log: str) -> Counter[str]:
    """Counts the channels by transport, such as `P2P/IPC`, `SHM`, `NET/IB/GDRDMA` or `NET/Socket`."""
    matches = (_CHANNEL.search(line) for line in log.splitlines())
    return Counter(_drop_device_number(match["transport"]) for match in matches if match)


def _drop_device_number(transport: str) -> str:
    """Leaves out the number of the network device: `NET/AWS Libfabric/2/GDRDMA` is `NET/AWS Libfabric/GDRDMA`."""
    parts = transport.strip().split("/")
    if parts[0] != "NET":
        return "/".join(parts[:2])
    name = parts[1].split("(")[0]
    return f"NET/{name}/GDRDMA" if "GDRDMA" in parts else f"NET/{name}"


def check_transport(log: str, *, between_nodes: bool) -> CheckResult:
    transports = parse_transports(log)
    detail = ", ".join(f"{name} ({count} channels)" for name, count in transports.most_common())
    if not transports:
        advice = "see the log of the pod for NCCL WARN"
        return CheckResult("transport", "warn", "RCCL printed no channel", advice=advice)
    network = [name for name in transports if name.startswith("NET/")]
    if not between_nodes:
        return _rate_transport_in_node(detail, network)
    if any(name.startswith("NET/Socket") for name in network):
        return CheckResult("transport", "warn", detail, advice=_explain_tcp(log))
    if network and not any("GDRDMA" in name for name in network):
        advice = "data passes through the processor's memory: load the peer memory driver, and set NCCL_NET_GDR_LEVEL"
        return CheckResult("transport", "warn", detail, advice=advice)
    return CheckResult("transport", "pass", detail)


def _explain_tcp(log: str) -> str:
    cause = (
        "the image lacks libibverbs.so.1, with which RCCL opens RDMA devices: install libibverbs1 and ibverbs-providers"
        if _NO_LIBRARY in log
        else "RCCL found no RDMA device: give the pods one (the network settings of docs/cluster.md), and the image a "
        "provider for it (rdma-library of both nodes)"
    )
    return f"{cause}; TCP bounds trainings of several nodes"


def _rate_transport_in_node(detail: str, network: list[str]) -> CheckResult:
    if network:
        advice = "devices of one node reach each other over the network: check `amd-smi topology` and NCCL_P2P_DISABLE"
        return CheckResult("transport", "fail", detail, advice=advice)
    if not detail.startswith("P2P"):
        advice = "devices exchange data through /dev/shm: check xGMI with `amd-smi topology`, and the IOMMU's mode"
        return CheckResult("transport", "warn", detail, advice=advice)
    return CheckResult("transport", "pass", detail)
