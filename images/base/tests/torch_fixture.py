"""A stub of torch with the calls that the probe of the GPUs makes."""

from pathlib import Path

TOTAL = 1024**3
_STUB = """
__version__ = "2.9.0"
class version: hip, cuda = {hip!r}, None
class cuda:
    is_available = staticmethod(lambda: {count} > 0)
    device_count = staticmethod(lambda: {count})
class Ones:
    def __matmul__(self, other): return self
    def sum(self): return self
    def item(self): return {total}
def ones(shape, device):
    {fault}
    return Ones()
"""


def write_torch_stub(
    folder: Path, *, count: int = 8, total: int = TOTAL, fault: str = "pass", hip: str | None = "7.2"
) -> None:
    """Writes torch.py with `count` GPUs. `fault` is a statement that runs before each computation."""
    (folder / "torch.py").write_text(_STUB.format(count=count, total=total, fault=fault, hip=hip))
