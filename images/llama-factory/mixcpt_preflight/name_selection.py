"""The lists by which RCCL selects adapters and interfaces: NCCL_IB_HCA and NCCL_SOCKET_IFNAME."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NameSelection:
    """Names, each with the port that follows a colon, or none. They are prefixes unless `exact`."""

    entries: tuple[tuple[str, str], ...]
    exact: bool
    excluding: bool

    @classmethod
    def parse(cls, text: str) -> "NameSelection":
        """Reads `^` as "all but these", then `=` as "exactly these", as NCCL does. An empty list selects all."""
        excluding = text.startswith("^")
        rest = text.removeprefix("^")
        parts = (part.strip().partition(":") for part in rest.removeprefix("=").split(","))
        entries = tuple((name, port) for name, _colon, port in parts if name)
        return cls(entries, rest.startswith("="), excluding)

    def selects(self, name: str, port: str = "") -> bool:
        return not self.entries or any(self._matches(entry, name, port) for entry in self.entries) != self.excluding

    def _matches(self, entry: tuple[str, str], name: str, port: str) -> bool:
        wanted, wanted_port = entry
        is_named = name == wanted if self.exact else name.startswith(wanted)
        return is_named and wanted_port in ("", port)
