"""Failures of a training, told apart: each ends the pod with the code by which the cluster treats it in its way."""

import signal
import sys
import time
from pathlib import Path

import pytest
import yaml
from torch_fixture import write_torch_stub
from training_fixture import run_training, start_training
from wait_fixture import wait_until

from mixcpt_store.errors import InputError, RetryableError
from mixcpt_train import finish
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.failure_cause import find_cause
from mixcpt_train.hung_ranks import HangNotice, print_stacks
from mixcpt_train.training_guard import TrainingGuard
from mixcpt_train.training_node import TrainingNode
from mixcpt_train.training_process import start_process

OUT_OF_MEMORY = (
    "[rank3]: Traceback (most recent call last):\n"
    "[rank3]: torch.OutOfMemoryError: HIP out of memory. Tried to allocate 2.00 GiB. GPU 3 has a total of 64 GiB\n"
)
NO_COMMUNICATION = (
    "[rank0]: torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:3384, internal error\n"
)


def test_a_loss_that_is_not_finite_ends_the_training_at_its_step_for_good(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 9, "save_steps": 2, "nan_at": 5, "hang_at": 5}
    code, _, errors = run_training(store, recipe, final=9)
    assert code == 2
    assert errors.startswith("mixcpt-train: the loss is not finite at step 5: the training has diverged")
    assert yaml.safe_load((store / "run" / "seen.yaml").read_text())["logging_nan_inf_filter"] is False


def test_temporary_files_that_cannot_be_removed_do_not_hide_why_the_training_failed(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 9, "save_steps": 2, "nan_at": 5, "hang_at": 5}
    code, _, errors = run_training(store, recipe, final=9, setup="import os; os.rmdir = os.mkdir")  # which fails
    assert (code, "the training has diverged" in errors) == (2, True)


def test_out_of_memory_in_the_first_steps_is_final_and_says_what_to_change(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 2, "save_steps": 5, "last_words": OUT_OF_MEMORY, "exit_code": 1}
    code, _, errors = run_training(store, recipe, final=5)
    assert code == 2
    assert OUT_OF_MEMORY in errors, "the output of the training is passed on"
    line = errors.splitlines()[-1]
    assert line.startswith("mixcpt-train: out of memory ([rank3]: torch.OutOfMemoryError: HIP out of memory.")
    assert "microBatch" in line
    assert "nodesPerCell" in line


def test_out_of_memory_after_a_new_checkpoint_is_tried_again(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 2, "save_steps": 1, "last_words": OUT_OF_MEMORY, "exit_code": 1}
    code, _, errors = run_training(store, recipe, final=5)
    assert code == 1
    assert "out of memory after a checkpoint of this attempt" in errors


def test_ranks_that_cannot_communicate_use_up_a_retry_because_their_settings_may_be_wrong(store: Path) -> None:
    write_torch_stub(store)
    recipe: dict[str, object] = {"max_steps": 0, "save_steps": 5, "last_words": NO_COMMUNICATION, "exit_code": 1}
    code, _, errors = run_training(store, recipe, final=5, device="gpu")
    assert code == 1
    assert "mixcpt-train: the ranks cannot communicate before the first step ([rank0]: torch.dist" in errors
    assert "broken" not in errors


def test_gpus_that_break_during_a_training_are_the_fault_of_the_node(store: Path) -> None:
    write_torch_stub(store)
    recipe: dict[str, object] = {"max_steps": 2, "save_steps": 1, "breaks_gpu": str(store), "exit_code": 1}
    code, _, errors = run_training(store, recipe, final=5, device="gpu")
    assert code == 69
    assert "the GPUs of this node are broken: torch sees 0 of 1" in errors


def test_a_training_that_crashes_on_gpus_that_compute_keeps_its_exit_code(store: Path) -> None:
    write_torch_stub(store)
    recipe: dict[str, object] = {"max_steps": 2, "save_steps": 1, "exit_code": 7}
    assert run_training(store, recipe, final=5, device="gpu")[0] == 7


def test_a_rank_that_hangs_ends_the_pod_with_its_stacks_and_the_next_attempt_resumes(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 4, "save_steps": 1}
    setup = "import late_detection_fixture"
    code, output, errors = run_training(store, {**recipe, "hang_at": 3}, final=4, silent_seconds=3, setup=setup)
    assert code == 1
    assert "stacks of process" in output
    assert "Fatal Python error: Aborted" in errors
    assert "in <lambda>" in errors, "the function in which the rank waits"
    assert "a rank hangs; its stacks are above, and the next attempt resumes" in errors.splitlines()[-1]
    code, output, _ = run_training(store, recipe, final=4)
    assert (code, "resuming from checkpoint-3" in output) == (0, True)


def test_a_training_that_was_told_to_stop_is_not_examined(store: Path) -> None:
    write_torch_stub(store)
    with start_training(store, {"max_steps": 99, "save_steps": 99, "step_seconds": 0.2}, 99, device="gpu") as process:
        wait_until((store / "run" / "trainer_log.jsonl").exists, process)
        write_torch_stub(store, count=0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("output", "has_started", "has_saved", "error"),
    [
        (OUT_OF_MEMORY, False, False, InputError),
        (OUT_OF_MEMORY, True, True, RetryableError),
        (
            "RuntimeError: [enforce fail at alloc_cpu.cpp:75] DefaultCPUAllocator: can't allocate memory",
            True,
            False,
            InputError,
        ),
        (NO_COMMUNICATION, False, False, RetryableError),
        (NO_COMMUNICATION, True, False, type(None)),
        ("ValueError: the tokenizer has no pad token", False, False, type(None)),
        ("", False, False, type(None)),
    ],
)
def test_the_cause_is_found_in_the_error_output(
    output: str, has_started: bool, has_saved: bool, error: type[object]
) -> None:
    cause = find_cause(output, has_started=has_started, has_saved=has_saved, probe_store=lambda: None)
    assert type(cause) is error


def test_the_file_by_which_ranks_show_that_they_compute_is_outside_the_store(store: Path) -> None:
    assert run_training(store, {"max_steps": 1, "save_steps": 1}, final=1)[0] == 0
    sign = Path((store / "run" / "seen-sign.txt").read_text())
    assert sign.is_absolute()
    assert store not in sign.parents


def test_the_other_nodes_learn_of_a_hang_of_this_attempt_alone(tmp_path: Path) -> None:
    HangNotice(tmp_path).write()
    other = HangNotice(tmp_path)
    assert not other.is_new(), "the notice is one of an earlier attempt"
    HangNotice(tmp_path).write()
    assert other.is_new()


def _build_guard(run: Path, rank: int) -> TrainingGuard:
    return TrainingGuard(Checkpoints(run), TrainingNode(2, rank, 1, {}), on_gpu=False, sign=run / "sign")


def test_another_node_prints_the_stacks_of_its_ranks_once_the_first_has_found_the_hang(tmp_path: Path) -> None:
    guard = _build_guard(tmp_path, rank=1)
    process = start_process([sys.executable, "-c", "import time; time.sleep(600)"], {}, tmp_path)
    guard.check(process, [])
    HangNotice(tmp_path).write()
    with pytest.raises(RetryableError, match="the first node has found that the training hangs"):
        guard.check(process, [])
    assert process.wait(timeout=120) != 0


def test_a_pod_of_a_group_that_does_not_know_why_it_failed_lets_the_others_end_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "VISIBLE_SECONDS", 1.5)
    unknown = start_process([sys.executable, "-c", "raise SystemExit(1)"], {}, tmp_path)
    assert unknown.wait() == 1
    started = time.monotonic()
    _build_guard(tmp_path, rank=1).explain_failure(unknown)
    assert time.monotonic() - started >= 1.5
    words = f"import sys; sys.exit({OUT_OF_MEMORY!r})"
    known = start_process([sys.executable, "-c", words], {}, tmp_path)
    assert known.wait() == 1
    with pytest.raises(InputError, match="out of memory"):
        _build_guard(tmp_path, rank=1).explain_failure(known)


# A launcher with two ranks in sessions of their own, as torchrun starts them; it would end the second with the first.
LAUNCHER = """
import os, subprocess, sys
rank = "import time\\ndef wait_in_all_reduce():\\n    open('rank-{}', 'w')\\n    time.sleep(600)\\nwait_in_all_reduce()"
ranks = [
    subprocess.Popen([sys.executable, "-c", rank.format(n)], env={**os.environ, "RANK": n}, start_new_session=True)
    for n in "01"
]
ranks[0].wait()
ranks[1].kill()
"""


def test_the_stacks_of_each_rank_are_printed_before_the_launcher_ends_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    process = start_process([sys.executable, "-c", LAUNCHER], {}, tmp_path)
    wait_until(lambda: len(list(tmp_path.glob("rank-*"))) == 2, process)
    print_stacks(process.pid)
    assert process.wait(timeout=120) == -signal.SIGKILL
    output = process.error_output.read_end()
    assert output.count("Fatal Python error: Aborted") == 2
    assert output.count("in wait_in_all_reduce") == 2
    printed = capfd.readouterr().out
    assert "(rank 0):" in printed
    assert "(rank 1):" in printed
