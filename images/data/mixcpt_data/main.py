"""The command mixcpt-data."""

import sys

from mixcpt_data.benchmarks.make_benchmarks import benchmarks
from mixcpt_data.mixture.make_mixture import mixture
from mixcpt_data.model.make_model import model
from mixcpt_data.storage.download_repository import download
from mixcpt_store.command import run_verb
from mixcpt_store.exclusive import with_exclusive_output


def main() -> None:
    verbs = {"mixture": mixture, "benchmarks": benchmarks, "model": model, "download": download}
    sys.exit(run_verb("mixcpt-data", {name: with_exclusive_output(verb) for name, verb in verbs.items()}))
