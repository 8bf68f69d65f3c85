"""The warnings that RCCL prints when it starts: it checks settings of the kernel, firmware and variables itself."""

import re

from mixcpt_store.check_result import CheckResult

# "host:1:2 [0] /path/init.cc:140 NCCL WARN NUMA auto balancing enabled which can lead to …"
_WARNING = re.compile(r"NCCL (?:WARN|ERROR) (?P<text>.+)")
# It also warns of a check that a variable leaves out on purpose.
_INTENDED = "is force enabled"
_NAME = "rccl-warnings"


def check_warnings(log: str) -> CheckResult:
    """Reports each warning once, though every process prints it."""
    if not log:
        return CheckResult(_NAME, "skipped", "RCCL printed nothing")
    matches = (_WARNING.search(line) for line in log.splitlines())
    warnings = dict.fromkeys(match["text"].strip() for match in matches if match and _INTENDED not in match["text"])
    if not warnings:
        return CheckResult(_NAME, "pass", "RCCL printed none")
    advice = "change on the node what RCCL names, or set its variable in training.env (docs/gpu-nodes.md#presets)"
    return CheckResult(_NAME, "warn", "; ".join(warnings), float(len(warnings)), "warnings", advice)
