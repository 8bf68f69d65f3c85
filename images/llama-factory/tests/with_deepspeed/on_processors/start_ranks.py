"""torchrun and its ranks with DeepSpeed in the image for CPUs, which was not built for that.

Changes how processes find each other and what they require of the machine, never what they compute.
"""

import functools
import importlib
import os
import runpy
import signal
import sys
import time
from pathlib import Path
from typing import Any

# The step whose checkpoint the second rank awaits before it kills itself, two steps later.
KILL_VARIABLE = "MIXCPT_TEST_KILL_AFTER"


def launch() -> None:
    """Calls torchrun, whose ranks start with this file."""
    _leave_out_libuv("torch.distributed.elastic.rendezvous.static_tcp_rendezvous")
    *options, program, recipe = sys.argv[1:]
    importlib.import_module("torch.distributed.run").main([*options, __file__, program, recipe])


def _leave_out_libuv(name: str) -> None:
    """Debian's torch lacks libuv, and torchrun requests it whatever USE_LIBUV says."""
    # not by attribute: functions of the packages hide modules of the same name
    module: Any = importlib.import_module(name)
    module.TCPStore = functools.partial(module.TCPStore, use_libuv=False)


def _prepare_rank() -> None:
    _leave_out_libuv("torch.distributed.rendezvous")
    # accelerate prefers it to gloo, and Debian's torch has it
    importlib.import_module("torch.distributed").is_mpi_available = lambda: False  # type: ignore[attr-defined]
    # DeepSpeed compiles this library when it is first used; the image has no compiler
    importlib.import_module("deepspeed.ops").__compatible_ops__["deepspeed_shm_comm"] = False
    # transformers refuses bf16 without a GPU, unless use_cpu is true, with which accelerate leaves out DeepSpeed
    importlib.import_module("transformers.training_args").is_torch_bf16_gpu_available = lambda: True  # type: ignore[attr-defined]


def _kill_second_rank(saved: int) -> None:
    handler: Any = importlib.import_module("transformers.trainer_callback").CallbackHandler
    end_step = handler.on_step_end

    def kill_or_end_step(self: Any, args: Any, state: Any, control: Any) -> Any:
        if state.global_step == saved + 2 and args.process_index == 1:
            marker = Path(args.output_dir) / f"checkpoint-{saved}" / "COMPLETE"
            while not marker.exists():
                time.sleep(0.1)
            os.kill(os.getpid(), signal.SIGKILL)
        return end_step(self, args, state, control)

    handler.on_step_end = kill_or_end_step


if __name__ == "__main__":
    _prepare_rank()
    if KILL_VARIABLE in os.environ:
        _kill_second_rank(int(os.environ[KILL_VARIABLE]))
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
