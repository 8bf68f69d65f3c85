"""The shuffle loses no row, and its order depends neither on memory nor on the number of processes."""

from pathlib import Path
from random import Random

import pytest
from mixture_fixture import MixtureWorkspace

from mixcpt_data.shuffle import spill
from mixcpt_data.shuffle.merge import split_into_partitions, write_partition
from mixcpt_data.shuffle.sampling import RowSampling
from mixcpt_data.shuffle.spill import BUCKETS, SpillWriter, compute_bucket


def _spill_rows(directory: Path, rows: list[tuple[int, int, bytes]], repeat: int) -> Path:
    directory.mkdir()
    writer = SpillWriter(directory, repeat)
    for row in rows:
        writer.add_row(*row)
    writer.flush_run()
    return directory


def _merge_runs(directories: list[Path], target: Path, repeat: int, size: int) -> bytes:
    target.touch()
    for partition in reversed(list(split_into_partitions(directories, repeat, size))):
        write_partition(partition, directories, target)
    return target.read_bytes()


@pytest.mark.parametrize("partition_bytes", [1, 1000, 10**9])
@pytest.mark.parametrize("run_bytes", [1, 10_000, 10**9])
@pytest.mark.parametrize("repeat", [1, 3])
def test_rows_are_sorted_by_repetition_and_key_for_all_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_bytes: int, partition_bytes: int, repeat: int
) -> None:
    monkeypatch.setattr(spill, "_MAX_RUN_BYTES", run_bytes)
    random = Random(7)
    rows = [(random.getrandbits(64), random.randrange(repeat), b"x" * random.randrange(40) + b"\n") for _ in range(120)]
    parts = [_spill_rows(tmp_path / name, rows[start::2], repeat) for start, name in enumerate("ab")]
    expected = b"".join(line for _, _, line in sorted((times, key, line) for key, times, line in rows))
    assert _merge_runs(parts, tmp_path / "out", repeat, partition_bytes) == expected


@pytest.mark.parametrize("key", [0, 1, 2**63, 2**64 - 1])
def test_every_key_has_a_bucket_of_its_repetition(key: int) -> None:
    assert BUCKETS * 2 <= compute_bucket(key, 2) < BUCKETS * 3


def test_random_values_are_spread_evenly() -> None:
    sampling = RowSampling(seed=1, source=0, shard=0)
    shares = [sampling.draw_share(row) for row in range(4000)]
    assert all(0 <= share < 1 for share in shares)
    assert abs(sum(share < 0.25 for share in shares) / 4000 - 0.25) < 0.03
    assert abs(sum(sampling.is_swapped(row) for row in range(4000)) / 4000 - 0.5) < 0.03


def test_one_process_and_four_write_the_same_bytes(tmp_path: Path) -> None:
    outputs = []
    for workers in (1, 4):
        workspace = MixtureWorkspace(tmp_path / str(workers))
        for part in range(6):
            workspace.write_jsonl(f"{part}.jsonl", [f"Sentence {part} {row}." for row in range(200)])
        workspace.mix_sources(workspace.files_source("*.jsonl"), workers=workers)
        outputs.append((workspace.output / "train.jsonl").read_bytes())
    assert outputs[0] == outputs[1]


def test_the_order_differs_from_the_order_of_the_files(workspace: MixtureWorkspace) -> None:
    texts = [f"Sentence {row}." for row in range(1000)]
    workspace.write_jsonl("a.jsonl", texts)
    mixed = workspace.mix_sources(workspace.files_source("a.jsonl"))
    unmoved = sum(first == second for first, second in zip(mixed, texts, strict=True))
    assert sorted(mixed) == sorted(texts)
    assert unmoved < 20
