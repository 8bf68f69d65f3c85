"""Checksums of a checkpoint's files, kept in its marker: a bit that flips in the store changes no file's structure."""

import json
import math
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mixcpt_store.complete import MARKER
from mixcpt_store.listing import list_files_below
from mixcpt_store.presence import is_file

_KEY = "crc32"
_CHUNK_BYTES = 8 << 20
# Files are read at the same time: one stream does not fill a parallel file system.
_STREAMS = 4
# The other nodes wait in torchrun's rendezvous, which gives up after 600 s. What was not read by then is trusted.
_CHECK_SECONDS = 300.0


def build_summary(checkpoint: Path, step: int) -> dict[str, object]:
    """Builds the content of a checkpoint's marker."""
    files = [path for path in list_files_below(checkpoint) if path.name != MARKER]
    with ThreadPoolExecutor(_STREAMS) as pool:
        checksums = pool.map(_compute_checksum, files)
        names = [path.relative_to(checkpoint).as_posix() for path in files]
        return {"step": step, _KEY: dict(zip(names, checksums, strict=True))}


def find_changed_files(checkpoint: Path, *, seconds: float = _CHECK_SECONDS) -> list[str]:
    """Lists the files whose content is not that of the marker, as far as they can be read in some seconds.

    Raises OSError for one that cannot be read.

    Files that were removed on purpose, as an older checkpoint's optimizer, are not listed; nor is any of a marker from
    before there were checksums.
    """
    recorded = _read_checksums(checkpoint)
    present = [name for name in recorded if is_file(checkpoint / name)]
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(_STREAMS) as pool:
        current = pool.map(lambda name: _compute_checksum(checkpoint / name, end), present)
        return [name for name, checksum in zip(present, current, strict=True) if checksum not in (None, recorded[name])]


def _read_checksums(checkpoint: Path) -> dict[str, int]:
    try:
        recorded = json.loads((checkpoint / MARKER).read_text(encoding="utf-8"))[_KEY]
        return {str(name): int(checksum) for name, checksum in recorded.items()}
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _compute_checksum(path: Path, end: float = math.inf) -> int | None:
    """Returns None if the file is not read to its end before the time `end`, on time.monotonic()."""
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            if time.monotonic() > end:
                return None
            checksum = zlib.crc32(chunk, checksum)
    return checksum
