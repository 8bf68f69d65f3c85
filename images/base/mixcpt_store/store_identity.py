"""The identity of the store: a file that the empty folder below a missing mount does not have.

After a restart, a node may have an empty folder where the others have the store, and a pod there would work on the disk
of that node. `cluster up` therefore has an id written into the store, and the cluster tells it to all pods.
"""

import errno
import os
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from mixcpt_store.complete import write_atomically
from mixcpt_store.errors import InputError
from mixcpt_store.listing import walk_folders
from mixcpt_store.mounts import find_mount
from mixcpt_store.node_hold import HOLD_SECONDS, hold_broken_node
from mixcpt_store.presence import is_file
from mixcpt_store.store_calls import NoAnswerError, call_store

IDENTITY_FILE = ".mixcpt-store"
# jobs/kube/storeIdentity.ts sets them in every pod; the id is absent until the cluster knows one.
FOLDER_VARIABLE = "MIXCPT_STORE"
ID_VARIABLE = "MIXCPT_STORE_ID"
NODE_VARIABLE = "MIXCPT_NODE"
# `./mixcpt watch` finds the line by these words (cli/watch/waiting/brokenNodes.ts).
MISSING_STORE = "this node does not have the store"
# Errors of file systems without hard links, among them the first one of link(2).
_LINKS_UNSUPPORTED = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
# Our assumption: the time in which another pod writes one line.
WRITING_SECONDS = 10.0


def require_store(environment: Mapping[str, str] = os.environ) -> None:
    """Returns if the store of this pod is the cluster's, or the cluster knows no id.

    Otherwise looks again for some minutes, then raises BrokenNodeError.
    """
    hold_broken_node(MISSING_STORE, partial(find_store_problem, environment), "its place on the node")


def find_store_problem(environment: Mapping[str, str] = os.environ) -> str | None:
    """Returns why the folder of the store is not the cluster's store; None if it is, or the cluster knows no id."""
    expected = environment.get(ID_VARIABLE)
    if not expected:
        return None
    folder = Path(environment.get(FOLDER_VARIABLE, "/store"))
    try:
        found = call_store(folder, partial(_describe_identity, folder, expected), HOLD_SECONDS)
    except (OSError, NoAnswerError) as error:
        found = f"cannot be read ({error})"
    if found is None:
        return None
    # without a semicolon: what follows the first one is not shown everywhere
    node = environment.get(NODE_VARIABLE, "unknown")
    return (
        f"{folder} on node {node} {found}, but the store of this cluster has the id {expected}: mount "
        "the store on the node, or keep work away from it (./mixcpt cluster quarantine)"
    )


def _describe_identity(folder: Path, expected: str) -> str | None:
    identity = read_identity(folder)
    if identity == expected:
        return None
    return f"is {find_mount(folder)} " + (
        f"without the file {IDENTITY_FILE}" if identity is None else f"with the id {identity!r} in {IDENTITY_FILE}"
    )


def read_identity(folder: Path) -> str | None:
    """Returns the id of a store; None for a folder without one. Raises OSError if that cannot be told."""
    try:
        return (folder / IDENTITY_FILE).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None


def write_identity(folder: Path, *, may_be_disk: bool) -> str:
    """Returns the id of a store, which gets one if it has none.

    Pods that do so at the same time return the same id. A folder without files on a disk of this machine gets one only
    if the store may be such a disk: it may also be the folder below a missing mount. Raises InputError for such a
    folder.
    """
    if read_identity(folder) is None:
        mount = find_mount(folder)
        if not may_be_disk and mount.is_on_own_disk and not _has_content(folder):
            raise InputError(
                f"{folder} has no files, and is {mount}, a disk of this node, where the store may not be mounted: "
                "mount it on all nodes, then run ./mixcpt cluster up again"
            )
        _create_identity(folder / IDENTITY_FILE)
    identity = _await_identity(folder)
    if not identity:
        file = folder / IDENTITY_FILE
        raise InputError(f"{file} has no id: delete the file, then run ./mixcpt cluster up again")
    return identity


def _create_identity(path: Path) -> None:
    """Creates the file with a new id, unless it exists. It never has half of it, except without hard links."""
    identity = uuid.uuid4().hex
    text = f"{identity}\n"
    # Pods of two clusters with the same store may have the same name, and their processes the same number.
    draft = path.with_name(f"{path.name}-{identity}")
    try:
        write_atomically(draft, text)
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _LINKS_UNSUPPORTED:
            raise
        with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    finally:
        draft.unlink(missing_ok=True)


def _await_identity(folder: Path) -> str | None:
    """Returns the id of a store once its file is not empty: another pod may just have created it."""
    end = time.monotonic() + WRITING_SECONDS
    while not (identity := read_identity(folder)) and time.monotonic() < end:
        time.sleep(0.1)
    return identity


def _has_content(folder: Path) -> bool:
    """Returns whether there is a file: for pods below a missing mount the kubelet makes folders, which stay empty."""
    entries = [path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "lost+found"]
    return any(is_file(entry) or any(files for _, files in walk_folders(entry)) for entry in entries)
