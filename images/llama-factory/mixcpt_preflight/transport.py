"""The transport that RCCL chose, from the lines that it prints with NCCL_DEBUG=INFO."""

import re
from collections import Counter

from mixcpt_store.check_result import CheckResult

# "Channel 00/0 : 4092[d6000] -> 0[d6000] [receive] via NET/AWS Libfabric/2/GDRDMA comm 0x9bbf3b0 nRanks 4096"
_CHANNEL = re.compile(r"NCCL INFO (?:Channel|Ring) [\d/]+ : \S+ -> \S+ .*?via (?P<transport>.+?)(?: comm .*)?$")

# "NCCL INFO Failed to open libibverbs.so[.1]", in RCCL as in NCCL
_NO_LIBRARY = "Failed to open libibverbs"

# Lines of RCCL: a driver gives adapters the device's memory, either by the peer memory interface or by DMA-BUF.
_DIRECT_MEMORY = ("memory_peers/amdkfd/version", "DMA_BUF Support Enabled")
# RCCL looks for the kernel's configuration in files of the node, which a pod does not see (its rocmwrap.cc).
_NO_KERNEL_CONFIGURATION = ("Could not open kernel conf file", "DMA_BUF_SUPPORT Failed")
_DMABUF_OFF = "Dmabuf feature disabled"


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
        return _rate_transport_in_node(transports, detail, network)
    if any(name.startswith("NET/Socket") for name in network):
        return CheckResult("transport", "warn", detail, advice=_explain_tcp(log))
    if network and not any("GDRDMA" in name for name in network):
        return CheckResult("transport", "warn", detail, advice=_explain_copies(log))
    return CheckResult("transport", "pass", detail)


def _explain_tcp(log: str) -> str:
    cause = (
        "the image lacks libibverbs.so.1, with which RCCL opens RDMA devices: install libibverbs1 and ibverbs-providers"
        if _NO_LIBRARY in log
        else "RCCL found no RDMA device: give the pods one (the network settings of docs/gpu-nodes.md), and the image "
        "a provider for it (rdma-library of both nodes)"
    )
    return f"{cause}; TCP bounds trainings of several nodes"


def _explain_copies(log: str) -> str:
    """Explains why no data goes from the adapter to the device's memory directly."""
    if any(line in log for line in _DIRECT_MEMORY):
        cure = "set NCCL_NET_GDR_LEVEL in training.env to the distance of adapters and devices"
    elif any(line in log for line in _NO_KERNEL_CONFIGURATION):
        cure = (
            "RCCL does not see whether the kernel has CONFIG_DMABUF_MOVE_NOTIFY and CONFIG_PCI_P2PDMA; if it has, set "
            "RCCL_FORCE_ENABLE_DMABUF: 1 in training.env"
        )
    elif _DMABUF_OFF in log:
        cure = "load the peer memory driver of the adapters, or set NCCL_DMABUF_ENABLE: 1 in training.env"
    else:
        cure = "load the peer memory driver of the adapters, and set NCCL_NET_GDR_LEVEL in training.env"
    return f"data passes through the processor's memory: {cure} (docs/gpu-nodes.md#presets)"


def _rate_transport_in_node(transports: Counter[str], detail: str, network: list[str]) -> CheckResult:
    if network:
        advice = "devices of one node reach each other over the network: check `amd-smi topology` and NCCL_P2P_DISABLE"
        return CheckResult("transport", "fail", detail, advice=advice)
    if not all(name.startswith("P2P") for name in transports):
        advice = "devices exchange data through /dev/shm: check xGMI with `amd-smi topology`, and the IOMMU's mode"
        return CheckResult("transport", "warn", detail, advice=advice)
    return CheckResult("transport", "pass", detail)
