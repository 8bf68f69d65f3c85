"""The shuffle on disk: nothing is lost, and neither memory nor the number of processes decides the order."""

from pathlib import Path
from random import Random

import pytest
from mixture_fixture import Bench

from mixcpt_data.shuffle import spill
from mixcpt_data.shuffle.merge import stretches, write_stretch
from mixcpt_data.shuffle.sampling import Draws
from mixcpt_data.shuffle.spill import BUCKETS, Spill, bucket_of


def _spilled(directory: Path, rows: list[tuple[int, int, bytes]], repeat: int) -> Path:
    directory.mkdir()
    writer = Spill(directory, repeat)
    for row in rows:
        writer.add(*row)
    writer.flush()
    return directory


def _merged(directories: list[Path], target: Path, repeat: int, size: int) -> bytes:
    target.touch()
    for stretch in reversed(list(stretches(directories, repeat, size))):
        write_stretch(stretch, directories, target)
    return target.read_bytes()


@pytest.mark.parametrize("stretch_bytes", [1, 1000, 10**9])
@pytest.mark.parametrize("run_bytes", [1, 10_000, 10**9])
@pytest.mark.parametrize("repeat", [1, 3])
def test_rows_come_out_sorted_by_repetition_and_key_whatever_the_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_bytes: int, stretch_bytes: int, repeat: int
) -> None:
    monkeypatch.setattr(spill, "_RUN_BYTES", run_bytes)
    random = Random(7)
    rows = [(random.getrandbits(64), random.randrange(repeat), b"x" * random.randrange(40) + b"\n") for _ in range(120)]
    parts = [_spilled(tmp_path / name, rows[start::2], repeat) for start, name in enumerate("ab")]
    expected = b"".join(line for _, _, line in sorted((times, key, line) for key, times, line in rows))
    assert _merged(parts, tmp_path / "out", repeat, stretch_bytes) == expected


@pytest.mark.parametrize("key", [0, 1, 2**63, 2**64 - 1])
def test_every_key_has_a_bucket_of_its_repetition(key: int) -> None:
    assert BUCKETS * 2 <= bucket_of(key, 2) < BUCKETS * 3


def test_what_is_drawn_spreads_evenly() -> None:
    draws = Draws(seed=1, source=0, shard=0)
    shares = [draws.share(row) for row in range(4000)]
    assert all(0 <= share < 1 for share in shares)
    assert abs(sum(share < 0.25 for share in shares) / 4000 - 0.25) < 0.03
    assert abs(sum(draws.swapped(row) for row in range(4000)) / 4000 - 0.5) < 0.03


def test_one_process_and_four_write_the_same_bytes(tmp_path: Path) -> None:
    outputs = []
    for workers in (1, 4):
        bench = Bench(tmp_path / str(workers))
        for part in range(6):
            bench.write_jsonl(f"{part}.jsonl", [f"Sentence {part} {row}." for row in range(200)])
        bench.mix(bench.files("*.jsonl"), workers=workers)
        outputs.append((bench.output / "train.jsonl").read_bytes())
    assert outputs[0] == outputs[1]


def test_the_order_is_not_that_of_the_files(bench: Bench) -> None:
    texts = [f"Sentence {row}." for row in range(1000)]
    bench.write_jsonl("a.jsonl", texts)
    mixed = bench.mix(bench.files("a.jsonl"))
    stayed = sum(first == second for first, second in zip(mixed, texts, strict=True))
    assert sorted(mixed) == sorted(texts)
    assert stayed < 20
