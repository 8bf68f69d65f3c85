"""How many processes to start: as many as this pod asked for cores, whatever the node has."""

import os

from mixcpt_store.errors import InputError

# Set in every pod from its own request, in whole cores. Pods have no limit that could be read instead.
VARIABLE = "MIXCPT_CPUS"


def count_cores() -> int:
    """The pod's own, but no more than this process may run on. Without a pod, all of those."""
    allowed = len(os.sched_getaffinity(0))
    asked = os.environ.get(VARIABLE) or str(allowed)
    if not asked.isdecimal():
        raise InputError(f"{VARIABLE} is {asked!r}; it must be a whole number of cores")
    return max(1, min(allowed, int(asked)))
