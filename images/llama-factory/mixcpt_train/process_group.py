"""The end of a process that belongs to a group of torch.distributed."""

import os
import sys
from typing import NoReturn


def leave_group(error: BaseException | None = None) -> None:
    """Leaves the group of this process, if it is in one, before its end, which `error` causes.

    With Gloo, prints what Python would print of the error and ends the process with Python's exit code.

    Gloo's destructor waits for threads and, up to torch 2.7, holds Python's lock meanwhile. If one of them needs that
    lock to free a tensor of the last call, neither ever goes on (pytorch pull request 154976).
    """
    import torch.distributed as dist

    if not dist.is_initialized():
        return
    if dist.get_backend() == "gloo":
        _exit_without_destructor(error)
    # After a failure the others may be in a call that this process never joins.
    if error is None or isinstance(error, SystemExit):
        dist.destroy_process_group()


def _exit_without_destructor(error: BaseException | None) -> NoReturn:
    code = _report_end(error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _report_end(error: BaseException | None) -> int:
    """Prints what Python would, a message in place of a code included, and returns what it would end with."""
    if error is None:
        return 0
    if not isinstance(error, SystemExit):
        sys.excepthook(type(error), error, error.__traceback__)  # that of torch adds the rank to each line
        return 1
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    print(error.code, file=sys.stderr)
    return 1
