"""Compares the study's way, this package and the machine's bound in one run.

usage: python -m mixcpt_evaluate.bench [--device cpu|cuda]. The exit code is 1 when answers differ.
"""

import argparse
import os
import sys
from collections.abc import Callable

from mixcpt_evaluate.bench.comparison import Comparison, ComparisonResult
from mixcpt_evaluate.bench.machine_speed import build_processor_clock, build_wall_clock
from mixcpt_evaluate.bench.synthetic_models import MODEL_SIZES, build_random_llama

_TABLE_HEADER = "  model  task       items     study   batched     bound  batched/bound  study/batched  equal answers"


def main() -> int:
    options = _parse_options()
    import torch

    if options.device == "cuda" and not torch.cuda.is_available():
        print("bench evaluate: --device: torch sees no GPU for 'cuda'; use cpu", file=sys.stderr)
        return 2
    torch.set_num_threads(options.threads)
    name = torch.cuda.get_device_name() if options.device == "cuda" else f"{options.threads} threads"
    print(f"device {options.device} ({name}), float32, medians of {options.rounds} rounds, {options.clock} time")
    print(f"load average of the last minute at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(_TABLE_HEADER, flush=True)
    results = [result for size in options.models for result in _compare_size(size, options)]
    print(f"load average of the last minute at the end: {os.getloadavg()[0]:.1f}")
    return int(any(result.equal_answers < result.items for result in results))


def _compare_size(size: str, options: argparse.Namespace) -> list[ComparisonResult]:
    wall = options.clock == "wall"
    clock = build_wall_clock(options.device) if wall else build_processor_clock(options.threads)
    model = build_random_llama(size, options.device)
    comparison = Comparison(model, options.device, clock, options.rounds)
    tasks: tuple[Callable[[], ComparisonResult], ...] = (
        lambda: comparison.compare_sib200(options.items),
        lambda: comparison.compare_flores200(options.sentences, options.tokens),
    )
    results = []
    for compare in tasks:
        result = compare()
        results.append(result)
        print(_format_table_row(size, result), flush=True)
    return results


def _format_table_row(size: str, result: ComparisonResult) -> str:
    study, batched, bound = result.study_seconds, result.batched_seconds, result.bound_seconds
    seconds = "".join(f"{value:8.2f} s" for value in (study, batched, bound))
    ratios = f"{batched / bound:15.2f}{study / batched:15.1f}"
    return f"  {size:6} {result.task:10} {result.items:5}{seconds}{ratios}{result.equal_answers:10} of {result.items}"


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench evaluate")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--models", nargs="+", choices=tuple(MODEL_SIZES), default=list(MODEL_SIZES))
    parser.add_argument("--clock", choices=("wall", "processor"), default="wall")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=max(1, len(os.sched_getaffinity(0))))
    parser.add_argument("--items", type=int, default=48, help="number of prompts to classify")
    parser.add_argument("--sentences", type=int, default=32, help="number of sentences to translate")
    parser.add_argument("--tokens", type=int, default=64, help="number of tokens in each translation")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
