"""The network of a node as far as RCCL uses it: RDMA ports, their addresses, interfaces."""

from collections.abc import Sequence

from mixcpt_preflight.memory_limits import check_locked_memory
from mixcpt_preflight.name_selection import NameSelection
from mixcpt_preflight.rdma_ports import HCA_VARIABLE, NodePaths, RdmaPort, list_ports, select_ports
from mixcpt_preflight.sysfs import read_value
from mixcpt_store.check_result import CheckResult, Status

_ROCE_V2 = "RoCE v2"
_INTERFACE_VARIABLE = "NCCL_SOCKET_IFNAME"
_GID_VARIABLE = "NCCL_IB_GID_INDEX"


def check_network_devices(paths: NodePaths | None = None, limit: int | None = None) -> list[CheckResult]:
    """Checks what RCCL uses; ports and interfaces that it leaves out do not count."""
    paths = paths or NodePaths()
    return [*_check_rdma(paths, limit), *_check_interfaces(paths)]


def _check_rdma(paths: NodePaths, limit: int | None) -> list[CheckResult]:
    ports = list_ports(paths)
    used = select_ports(ports, paths)
    if paths.environment.get("NCCL_IB_DISABLE") == "1":
        return [CheckResult("network-devices", "skipped", "NCCL_IB_DISABLE is 1")]
    if not used:
        return [_explain_no_port(ports, paths)]
    active = [port for port in used if port.is_active]
    gids = [_check_gids(active, paths)] if active else []
    return [_rate_ports(used, active, len(ports), paths), *gids, check_locked_memory(limit)]


def _explain_no_port(ports: Sequence[RdmaPort], paths: NodePaths) -> CheckResult:
    seen = f"the node has {len(ports)} RDMA ports" if ports else "the node has no RDMA device"
    wanted = paths.environment.get(HCA_VARIABLE)
    if wanted:
        names = ", ".join(port.name for port in ports)
        detail = f"{seen}{': ' if ports else ''}{names}; {HCA_VARIABLE}={wanted} selects none that the pod can open"
        advice = f"give the pods the device, or correct {HCA_VARIABLE} in the cluster's file (docs/gpu-nodes.md)"
        return CheckResult("network-devices", "fail", detail, 0.0, "ports", advice)
    detail = f"{seen}, of which the pod can open none that is on" if ports else seen
    return CheckResult("network-devices", "skipped", detail)


def _rate_ports(used: Sequence[RdmaPort], active: Sequence[RdmaPort], all_ports: int, paths: NodePaths) -> CheckResult:
    others = f"; RCCL does not use {all_ports - len(used)} more" if all_ports > len(used) else ""
    detail = f"{len(active)} of {len(used)} RDMA ports are active{others}"
    down = ", ".join(port.name for port in used if port not in active)
    if not down:
        return CheckResult("network-devices", "pass", detail, float(len(active)), "ports")
    advice = f"check cable, switch and driver of {down}, or leave it out with {HCA_VARIABLE}"
    is_lost = not active and paths.environment.get(HCA_VARIABLE)
    return CheckResult("network-devices", "fail" if is_lost else "warn", detail, float(len(active)), "ports", advice)


def _check_gids(active: Sequence[RdmaPort], paths: NodePaths) -> CheckResult:
    """Checks the addresses of ports: one for RoCE v2 on Ethernet, where the version 1 passes no router."""
    index = paths.environment.get(_GID_VARIABLE, "")
    index = index if index.isdigit() else ""  # -1 lets RCCL choose
    lacking = [port.name for port in active if not _list_usable_gids(port, index)]
    place = f" at {_GID_VARIABLE}={index}" if index else ""
    detail = f"{len(active) - len(lacking)} of {len(active)} active ports have an address for RDMA{place}"
    if not lacking:
        return CheckResult("gids", "pass", detail, float(len(active)), "ports")
    where = f"or correct {_GID_VARIABLE}" if index else "and the switch's or subnet manager's settings"
    advice = f"RCCL cannot connect {', '.join(lacking)}: check the IP address of its interface (RoCE v2), {where}"
    return CheckResult("gids", "fail", detail, float(len(active) - len(lacking)), "ports", advice)


def _list_usable_gids(port: RdmaPort, index: str) -> list[str]:
    entries = [port.folder / "gids" / index] if index else sorted(port.folder.glob("gids/*"))
    is_ethernet = read_value(port.folder / "link_layer") == "Ethernet"
    return [entry.name for entry in entries if _is_usable(port, read_value(entry), entry.name, is_ethernet)]


def _is_usable(port: RdmaPort, gid: str, index: str, is_ethernet: bool) -> bool:
    if not gid.strip("0:"):
        return False
    return not is_ethernet or read_value(port.folder / "gid_attrs/types" / index) == _ROCE_V2


def _check_interfaces(paths: NodePaths) -> list[CheckResult]:
    """Checks the interfaces of NCCL_SOCKET_IFNAME, over which RCCL meets, and sends what RDMA does not."""
    wanted = paths.environment.get(_INTERFACE_VARIABLE, "")
    if not wanted:
        return []
    selection = NameSelection.parse(wanted)
    present = sorted(path for path in paths.sysfs.glob("class/net/*") if path.name != "lo")
    used = [path for path in present if selection.selects(path.name)]
    down = [path.name for path in used if read_value(path / "operstate") == "down"]
    detail = f"{_INTERFACE_VARIABLE}={wanted}: {', '.join(path.name for path in used) or 'none'}"
    if len(down) < len(used):
        status: Status = "warn" if down else "pass"
        advice = f"{', '.join(down)} is down: check cable and switch" if down else ""
        return [CheckResult("network-interfaces", status, detail, float(len(used) - len(down)), "up", advice)]
    names = ", ".join(path.name for path in present) or "none"
    advice = (
        f"RCCL ends without one: correct {_INTERFACE_VARIABLE} or hostNetwork in the cluster's file; present: {names}"
    )
    return [CheckResult("network-interfaces", "fail", detail, 0.0, "up", advice)]
