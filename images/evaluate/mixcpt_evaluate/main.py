"""The command mixcpt-evaluate."""

import sys

from mixcpt_evaluate.classification import classification, sib200
from mixcpt_evaluate.publish import publish
from mixcpt_evaluate.translation import flores200, translation
from mixcpt_store.command import run_verb

VERBS = {
    "sib200": sib200,
    "flores200": flores200,
    "classification": classification,
    "translation": translation,
    "publish": publish,
}


def main() -> None:
    sys.exit(run_verb("mixcpt-evaluate", VERBS))
