"""The command mixcpt-evaluate."""

import sys

from mixcpt_evaluate.flores200 import flores200
from mixcpt_evaluate.publish import publish
from mixcpt_evaluate.sib200 import sib200
from mixcpt_store.command import run_verb


def main() -> None:
    sys.exit(run_verb("mixcpt-evaluate", {"sib200": sib200, "flores200": flores200, "publish": publish}))
