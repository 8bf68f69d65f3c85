"""python -m mixcpt_evaluate.bench [--device cpu|cuda]: the study's way, ours, and the bound, in one run."""

import argparse
import os
import sys

from mixcpt_evaluate.bench.comparison import Bench, Result
from mixcpt_evaluate.bench.machine_speed import processor_clock, wall_clock
from mixcpt_evaluate.bench.synthetic_models import SIZES

_HEAD = "  model  task       items   authors      ours     bound   ours/bound  authors/ours  equal answers"


def main() -> int:
    options = _options()
    import torch

    if options.device == "cuda" and not torch.cuda.is_available():
        print("bench evaluate: --device cuda, but torch sees no GPU; allowed here: cpu", file=sys.stderr)
        return 2
    torch.set_num_threads(options.threads)
    name = torch.cuda.get_device_name() if options.device == "cuda" else f"{options.threads} threads"
    print(f"device {options.device} ({name}), float32, medians of {options.rounds} turns, {options.clock} time")
    print(f"load of the last minute at the start {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(_HEAD, flush=True)
    results = [result for size in options.models for result in _measure(size, options)]
    print(f"load of the last minute at the end {os.getloadavg()[0]:.1f}")
    return int(any(result.equal < result.items for result in results))


def _measure(size: str, options: argparse.Namespace) -> list[Result]:
    wall = options.clock == "wall"
    clock = wall_clock(options.device) if wall else processor_clock(options.threads)
    bench = Bench.of(size, options.device, clock, options.rounds)
    results = []
    for run in (
        lambda: bench.sib200(options.items),
        lambda: bench.flores200(options.sentences, options.tokens),
    ):
        result = run()
        results.append(result)
        print(_line(size, result), flush=True)
    return results


def _line(size: str, result: Result) -> str:
    seconds = "".join(f"{value:8.2f} s" for value in (result.authors, result.ours, result.bound))
    ratios = f"{result.ours / result.bound:13.2f}{result.authors / result.ours:14.1f}"
    return f"  {size:6} {result.task:10} {result.items:5}{seconds}{ratios}{result.equal:9} of {result.items}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench evaluate")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--models", nargs="+", choices=tuple(SIZES), default=list(SIZES))
    parser.add_argument("--clock", choices=("wall", "processor"), default="wall")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=max(1, len(os.sched_getaffinity(0))))
    parser.add_argument("--items", type=int, default=48, help="prompts to classify")
    parser.add_argument("--sentences", type=int, default=32, help="sentences to translate")
    parser.add_argument("--tokens", type=int, default=64, help="tokens of each translation")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
