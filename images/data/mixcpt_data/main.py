"""The command mixcpt-data."""

import sys

from mixcpt_data.benchmarks.make_benchmarks import make_benchmarks
from mixcpt_data.mixture.make_mixture import make_mixture
from mixcpt_data.model.make_model import make_model
from mixcpt_data.storage.download_repository import download_repository
from mixcpt_store.command import run_verb
from mixcpt_store.exclusive import with_exclusive_output
from mixcpt_store.kept_log import run_with_kept_log


def main() -> None:
    verbs = {
        "mixture": make_mixture,
        "benchmarks": make_benchmarks,
        "model": make_model,
        "download": download_repository,
    }
    exclusive = {name: with_exclusive_output(verb) for name, verb in verbs.items()}
    sys.exit(run_with_kept_log("mixcpt-data", lambda: run_verb("mixcpt-data", exclusive)))
