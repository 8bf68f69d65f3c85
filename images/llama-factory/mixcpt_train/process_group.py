"""The end of a process that belongs to a group of torch.distributed."""

import os
import sys


def leave_group(code: int) -> None:
    """Leaves the group of this process, if it is in one; with Gloo, ends the process with an exit code.

    Gloo's destructor waits for threads and, up to torch 2.7, holds Python's lock meanwhile. If one of them needs that
    lock to free a tensor of the last call, neither ever goes on (pytorch pull request 154976).
    """
    import torch.distributed as dist

    if not dist.is_initialized():
        return
    if dist.get_backend() != "gloo":
        dist.destroy_process_group()
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
