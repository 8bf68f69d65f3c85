"""The error output of another process: passed on, with its end kept to find the cause of a failure."""

import os
import threading
import time
from contextlib import suppress
from typing import IO

# The tracebacks of eight ranks, and torchrun's summary after them.
_KEPT_BYTES = 512 * 1024
_READ_BYTES = 64 * 1024
# Processes that outlive the one that is waited for hold the pipe open.
_END_SECONDS = 5.0
_STANDARD_ERROR = 2


class ErrorOutput:
    """Copies a pipe to this process's stderr. `last_time` is when the process wrote last, on time.monotonic()."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self.last_time = time.monotonic()
        self._thread = threading.Thread(target=self._copy, daemon=True)
        self._thread.start()

    def _copy(self) -> None:
        while chunk := os.read(self._pipe.fileno(), _READ_BYTES):
            self.last_time = time.monotonic()
            self._kept += chunk
            del self._kept[:-_KEPT_BYTES]
            _pass_on(chunk)

    def read_end(self) -> str:
        """Returns the end of the output, once the process has ended."""
        self._thread.join(_END_SECONDS)
        return self._kept.decode(errors="replace")


def _pass_on(output: bytes) -> None:
    """Drops what nobody reads any more: the other process would wait for ever with a full pipe.

    Goes past sys.stderr, because Python aborts where a thread still holds its lock at the end.
    """
    with suppress(OSError):
        while output:
            output = output[os.write(_STANDARD_ERROR, output) :]
