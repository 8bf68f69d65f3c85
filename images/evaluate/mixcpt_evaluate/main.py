"""The command mixcpt-evaluate."""

import sys

from mixcpt_evaluate.publish.publish_scores import publish
from mixcpt_evaluate.tasks.classification import classification, sib200
from mixcpt_evaluate.tasks.translation import flores200, translation
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
