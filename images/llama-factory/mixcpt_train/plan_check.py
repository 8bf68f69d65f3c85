"""The check of the ranks, before their first step, that all nodes have planned the same attempt.

Each node plans with what it sees of the store. A client of NFS may not see for a minute that another one has marked a
checkpoint: after a quick restart its ranks would go on from an earlier one, with weights of two steps in one model.
"""

import zlib
from typing import Any

from mixcpt_train.saving_stop import Agree, agree_on

# The whole numbers that torch's default type of 32 bits has exactly.
_NUMBERS = 2**24


def require_same_plan(args: Any, plan: str, *, agree: Agree = agree_on) -> None:
    """Raises RuntimeError in every rank if some have another plan. All ranks call this at the same time."""
    number = float(zlib.crc32(plan.encode()) % _NUMBERS)
    if agree(args, number, number) != (number, number):
        raise RuntimeError(
            f"the nodes have planned different attempts (this one: {plan}), because they see different states of the "
            "store; nothing was trained, and the next attempt plans again"
        )
