"""The file by which a newer attempt at a run ends an older one that still runs.

A cluster starts an attempt only once the pods of the one before are gone. It cannot know of a pod whose object was
deleted by force while its node was cut off, of another cluster with the same store, or of a run started by hand.

The last one that wrote the file owns the run. So no attempt waits for another, dead or alive, and neither locks of the
file system nor clocks that agree are needed.
"""

import json
import os
import socket
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from mixcpt_store.complete import write_atomically
from mixcpt_store.errors import InputError

OWNER_FILE = "owner.json"


class RunOwner:
    """The claim of this attempt to the folder of a run."""

    def __init__(self, run: Path) -> None:
        self._path = run / OWNER_FILE
        self._claim = ""
        self._former_claim: str | None = None
        self._replaced_by: str | None = None

    def claim(self) -> None:
        """Takes the run from an older attempt, which ends when it next looks."""
        values = {
            "id": uuid.uuid4().hex,
            "pod": socket.gethostname(),
            "process": os.getpid(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with suppress(OSError):
            self._former_claim = self._read()
        self._claim = json.dumps(values) + "\n"
        write_atomically(self._path, self._claim)

    def is_replaced(self) -> bool:
        """Returns True from the moment at which another attempt has claimed the run.

        Raises OSError while the store cannot tell. A file that is missing says nothing: somebody has removed the run.
        Nor does the claim from before this one: a cache may still show it, or a server has lost its last writes.
        """
        if self._claim and self._replaced_by is None:
            try:
                found = self._read()
            except FileNotFoundError:
                return False
            self._replaced_by = None if found in (self._claim, self._former_claim) else found
        return self._replaced_by is not None

    def _read(self) -> str:
        return self._path.read_text(encoding="utf-8", errors="replace")

    def require_now(self) -> None:
        """Raises InputError if another attempt has claimed the run, OSError while the store cannot tell."""
        self.is_replaced()
        self.require()

    def require(self) -> None:
        """Raises InputError if `is_replaced` was True before. Does not read the store, which may not answer.

        The exit code lets nobody try again: two objects of one run would take it from each other without an end.
        """
        if self._replaced_by is not None:
            raise InputError(
                f"{self._path.parent}: {_describe_claim(self._replaced_by)} trains this run now, so that this older "
                "attempt ends and writes no more checkpoints; if that one was not meant to, end it, then run "
                "./mixcpt retry STACK CELL"
            )


def _describe_claim(text: str) -> str:
    try:
        values = json.loads(text)
        return f"pod {values['pod']} (process {values['process']}, since {values['since']})"
    except (ValueError, LookupError, TypeError):
        return "another attempt"
