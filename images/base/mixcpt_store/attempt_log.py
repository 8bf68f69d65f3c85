"""Keeps the end of a failed attempt's error output in the store: the log of a pod goes with the pod."""

import os
from pathlib import Path

from mixcpt_store.complete import write_atomically
from mixcpt_store.redaction import redact_secrets

KEPT_BYTES = 64 * 1024


def write_attempt_log(path: Path, error_output: str) -> None:
    """Writes the end of an error output without secrets, at most 64 KiB. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Secrets go first: the cut could leave the end of one, which no pattern finds.
    redacted = redact_secrets(error_output, os.environ)
    write_atomically(path, redacted.encode()[-KEPT_BYTES:].decode(errors="ignore"))
