"""A test file in a run's folder, for a failed write whose message does not say why it failed."""

import os
import socket
from contextlib import suppress
from pathlib import Path

# More than what a file system keeps for itself once a checkpoint has filled it.
_PROBE_BYTES = 8 << 20


def probe_writing(folder: Path) -> OSError | None:
    """Writes a file, flushes it to the store and deletes it. Returns the error with which that fails."""
    path = folder / f".probe-{socket.gethostname()}-{os.getpid()}"
    try:
        with path.open("wb") as file:
            # Random, because a store may compress.
            file.write(os.urandom(_PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return None
