"""The number of processes to start: the cores that this pod requested, not those of the node."""

import os

from mixcpt_store.errors import InputError

# Set in every pod from its CPU request, in whole cores. Pods have no CPU limit that could be read instead.
VARIABLE = "MIXCPT_CPUS"


def count_cores() -> int:
    """Returns the cores that the pod requested, but no more than this process may run on; outside of a pod, all those.

    Raises InputError if the request is not a whole number.
    """
    allowed = len(os.sched_getaffinity(0))
    requested = os.environ.get(VARIABLE) or str(allowed)
    if not requested.isdecimal():
        raise InputError(f"{VARIABLE} is {requested!r}; it must be a whole number of cores")
    return max(1, min(allowed, int(requested)))
