"""A node without the store is told from one with it, before a step reads or writes anything."""

import errno
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from store_fixture import hang, make_unreadable

from mixcpt_store import node_hold, store_identity
from mixcpt_store.command import run_step, run_verb
from mixcpt_store.errors import BrokenNodeError, InputError
from mixcpt_store.mounts import Mount, find_mount
from mixcpt_store.spec import Spec
from mixcpt_store.store_identity import IDENTITY_FILE, find_store_problem, read_identity, require_store, write_identity
from mixcpt_store.store_program import main

BASE = Path(__file__).parents[1]
SHARED = Mount("/store", "/", "lustre", "10.0.0.1@o2ib:/scratch")
OWN_DISK = Mount("/store", "/mnt/lustre", "ext4", "/dev/sda2")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which steps expect the store with the id `known`."""
    folder = tmp_path / "store"
    folder.mkdir()
    for name, value in (("MIXCPT_STORE", str(folder)), ("MIXCPT_STORE_ID", "known"), ("MIXCPT_NODE", "gpu-7")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(node_hold, "HOLD_SECONDS", 0.0)
    monkeypatch.setattr(node_hold, "RETEST_SECONDS", 0.0)
    return folder


def _set_mount(monkeypatch: pytest.MonkeyPatch, mount: Mount) -> None:
    monkeypatch.setattr(store_identity, "find_mount", lambda _path: mount)


def test_the_store_of_the_cluster_is_accepted(store: Path) -> None:
    (store / IDENTITY_FILE).write_text("known\n")
    require_store()


@pytest.mark.parametrize("variables", [{}, {"MIXCPT_STORE_ID": ""}])
def test_nothing_is_compared_where_the_cluster_knows_no_id(variables: dict[str, str]) -> None:
    assert find_store_problem({"MIXCPT_STORE": "/no/such/folder", **variables}) is None


def test_a_missing_mount_is_named_with_the_node_and_what_to_do(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_mount(monkeypatch, OWN_DISK)
    with pytest.raises(BrokenNodeError) as raised:
        require_store()
    assert str(raised.value) == (
        f"this node does not have the store: {store} on node gpu-7 is /mnt/lustre of /dev/sda2 (ext4) without the "
        "file .mixcpt-store, but the store of this cluster has the id known: mount the store on the node, or keep work "
        "away from it (./mixcpt cluster quarantine)"
    )


def test_another_store_is_told_from_the_clusters(store: Path) -> None:
    (store / IDENTITY_FILE).write_text("other\n")
    assert "with the id 'other' in .mixcpt-store, but the store of this cluster has the id known" in str(
        find_store_problem()
    )


def test_a_store_that_fails_or_hangs_is_missing_too(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_unreadable(store / IDENTITY_FILE)
    assert os.strerror(errno.EIO) in str(find_store_problem())
    monkeypatch.setattr(store_identity, "HOLD_SECONDS", 0.2)
    hang(store / IDENTITY_FILE)
    assert "no answer for 0.2 s" in str(find_store_problem())


def test_a_step_on_a_node_without_the_store_ends_uncounted_and_does_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[Spec] = []
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    assert run_step("mixcpt-data mixture", ran.append) == 69
    reason = f"this node does not have the store: {store} on node gpu-7 is "
    assert capsys.readouterr().err.startswith(f"mixcpt-data mixture: {reason}")
    assert (ran, list(store.iterdir())) == ([], [])


def test_a_test_of_the_node_runs_without_the_store(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXCPT_SPEC", "seed: 1")
    verbs = {"node": lambda _spec: 7, "other": lambda _spec: 7}
    assert run_verb("mixcpt-preflight", verbs, ["node"], without_store=("node",)) == 7
    assert run_verb("mixcpt-preflight", verbs, ["other"], without_store=("node",)) == 69


def test_the_log_of_a_failed_step_is_not_kept_on_the_disk_of_the_node(store: Path) -> None:
    program = (
        "from mixcpt_store import node_hold; node_hold.HOLD_SECONDS = 0.0; import sys; sys.argv = ['x', 'v'];"
        "from mixcpt_store.command import run_verb; from mixcpt_store.kept_log import run_with_kept_log;"
        "sys.exit(run_with_kept_log('x', lambda: run_verb('x', {'v': print})))"
    )
    environment = {**os.environ, "PYTHONPATH": str(BASE), "MIXCPT_SPEC": f"output: {store}/runs/a"}
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 69
    assert list(store.iterdir()) == []


def test_await_ends_uncounted_on_a_node_without_the_store(store: Path, tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'import sys; from mixcpt_store import node_hold, store_program;"
        'node_hold.HOLD_SECONDS = 0.0; sys.exit(store_program.main(sys.argv[-1:]))\' "$@"\n'
    )
    python.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(BASE)}
    command = [BASE / "mixcpt-await", store]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout) == (69, "")
    assert ended.stderr.startswith(f"mixcpt-store: this node does not have the store: {store} on node gpu-7 is ")
    (store / IDENTITY_FILE).write_text("known\n")
    (store / "COMPLETE").touch()
    assert subprocess.run(command, env=environment, timeout=120, check=False).returncode == 0


def test_a_store_gets_one_id_and_keeps_it(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_mount(monkeypatch, SHARED)
    first = write_identity(store, may_be_disk=False)
    assert first
    assert write_identity(store, may_be_disk=False) == first == read_identity(store)


@pytest.mark.parametrize("links", [True, False])
def test_pods_that_make_the_id_at_the_same_time_end_with_the_same(
    store: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    _set_mount(monkeypatch, SHARED)
    real_id, others = uuid.uuid4, []

    def make_id_beside_another_pod() -> uuid.UUID:
        if not others:
            others.append("begins")
            others.append(write_identity(store, may_be_disk=False))
        return real_id()

    monkeypatch.setattr(uuid, "uuid4", make_id_beside_another_pod)
    if not links:
        monkeypatch.setattr(os, "link", _refuse_link)
    assert write_identity(store, may_be_disk=False) == others[1] == read_identity(store)
    assert [path.name for path in store.iterdir()] == [IDENTITY_FILE]


def _refuse_link(*_paths: object) -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def test_an_id_that_another_pod_is_writing_is_waited_for(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_mount(monkeypatch, SHARED)
    (store / IDENTITY_FILE).touch()
    monkeypatch.setattr(time, "sleep", lambda _seconds: (store / IDENTITY_FILE).write_text("late\n"))
    assert write_identity(store, may_be_disk=False) == "late"


def test_a_file_that_stays_without_an_id_is_reported(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_mount(monkeypatch, SHARED)
    monkeypatch.setattr(store_identity, "WRITING_SECONDS", 0.0)
    (store / IDENTITY_FILE).touch()
    with pytest.raises(InputError, match=r"\.mixcpt-store has no id: delete the file"):
        write_identity(store, may_be_disk=False)


def test_a_store_with_an_id_need_not_be_writable(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (store / IDENTITY_FILE).write_text("known\n")
    monkeypatch.setattr(store_identity, "write_atomically", _refuse_link)
    assert write_identity(store, may_be_disk=False) == "known"


def test_an_empty_folder_on_a_disk_of_the_node_gets_no_id(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_mount(monkeypatch, OWN_DISK)
    (store / "lost+found").mkdir()
    (store / "runs/tiny-mono-stag-1f2e").mkdir(parents=True)  # by the kubelet, for a pod that wanted to write there
    with pytest.raises(
        InputError, match=r"has no files, and is /mnt/lustre of /dev/sda2 \(ext4\), a disk of this node"
    ):
        write_identity(store, may_be_disk=False)
    assert read_identity(store) is None
    assert write_identity(store, may_be_disk=True)


def test_a_folder_with_results_gets_an_id_on_any_disk(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_mount(monkeypatch, OWN_DISK)
    (store / "runs/tiny-mono-stag-1f2e").mkdir(parents=True)
    (store / "runs/tiny-mono-stag-1f2e/COMPLETE").touch()
    assert write_identity(store, may_be_disk=False)


def test_the_program_prints_id_and_node_for_the_cluster(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identify-disk"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": read_identity(store), "node": "gpu-7"}


@pytest.mark.parametrize(("arguments", "code"), [(["require"], 69), ([], 2), (["identify"], 1)])
def test_the_program_says_why_it_failed(
    store: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    make_unreadable(store / IDENTITY_FILE)
    assert main(arguments) == code
    assert capsys.readouterr().err.startswith("mixcpt-store: ")


def test_the_mount_of_a_path_is_the_last_one_that_covers_it(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "40 22 8:1 /mnt/lustre /store rw - ext4 /dev/sda1 rw\n"
        "41 40 0:50 / /store ro,nosuid master:3 - lustre 10.0.0.1@o2ib:/scratch rw,flock\n"
        "42 22 8:1 /other /store-2 rw - ext4 /dev/sda1 rw\n"
    )
    assert find_mount(Path("/store/runs"), mounts) == SHARED
    assert find_mount(Path("/stores"), mounts).point == "/"
    assert (SHARED.is_on_own_disk, OWN_DISK.is_on_own_disk) == (False, True)
