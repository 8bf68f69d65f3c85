"""Keeps what a pod has of a broken node from other work for a while, before the pod ends.

A retry would land on the same node, because it is the one with free devices. Meanwhile other work goes elsewhere, and
one broken node takes one pod in five minutes instead of one after another.
"""

import time
from collections.abc import Callable

from mixcpt_store.errors import BrokenNodeError

HOLD_SECONDS = 300.0
RETEST_SECONDS = 30.0


def hold_broken_node(failure: str, find_problem: Callable[[], str | None], kept: str) -> None:
    """Returns once there is no problem. While there is one, looks again for some minutes, then raises BrokenNodeError.

    `failure` begins each message, and `kept` names what the pod holds.
    """
    end = time.monotonic() + HOLD_SECONDS
    while problem := find_problem():
        if time.monotonic() >= end:
            raise BrokenNodeError(f"{failure}: {problem}")
        print(
            f"{failure}: {problem}; this pod keeps {kept} from other work and tests again every "
            f"{RETEST_SECONDS:g} s, for {HOLD_SECONDS:g} s",
            flush=True,
        )
        time.sleep(RETEST_SECONDS)
