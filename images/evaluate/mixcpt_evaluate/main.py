"""The command mixcpt-evaluate."""

import sys

from mixcpt_evaluate.check_prompts import run_prompt_check
from mixcpt_evaluate.publish.publish_scores import run_publish
from mixcpt_evaluate.tasks.classification import run_classification, run_sib200
from mixcpt_evaluate.tasks.harness import run_lm_eval
from mixcpt_evaluate.tasks.language_identification import run_language_identification
from mixcpt_evaluate.tasks.translation import run_flores200, run_translation
from mixcpt_store.command import Verb, run_verb
from mixcpt_store.kept_log import run_with_kept_log

VERBS: dict[str, Verb] = {
    "sib200": run_sib200,
    "flores200": run_flores200,
    "classification": run_classification,
    "translation": run_translation,
    "lm-eval": run_lm_eval,
    "language-identification": run_language_identification,
    "publish": run_publish,
    "prompts": run_prompt_check,
}


def main() -> None:
    sys.exit(run_with_kept_log("mixcpt-evaluate", _run))


def _run() -> int:
    return run_verb("mixcpt-evaluate", VERBS, without_store=("prompts",))
