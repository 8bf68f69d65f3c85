"""Two processes that are told to make the same folder."""

import multiprocessing
import time
from pathlib import Path

from mixcpt_store.complete import finished_directory, is_complete
from mixcpt_store.exclusive import alone
from mixcpt_store.spec import Spec


def _make(output: str, log: str) -> None:
    def verb(_spec: Spec) -> None:
        if is_complete(Path(output)):
            return
        with open(log, "a") as file:
            file.write("made\n")
        time.sleep(0.3)
        with finished_directory(Path(output), {}):
            pass

    alone(verb)(Spec({"output": output}))


def test_the_second_waits_and_finds_it_complete(tmp_path: Path) -> None:
    output, log = str(tmp_path / "corpora" / "a"), str(tmp_path / "log")
    makers = [multiprocessing.Process(target=_make, args=(output, log)) for _ in range(2)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(30)
    assert [maker.exitcode for maker in makers] == [0, 0]
    assert (tmp_path / "log").read_text() == "made\n"


def test_a_spec_without_output_is_left_to_the_verb() -> None:
    assert alone(lambda _spec: 2)(Spec({})) == 2
