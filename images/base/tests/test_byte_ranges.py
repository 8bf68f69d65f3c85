"""Byte ranges of a file: together they give the whole file, whatever their size."""

import io
from itertools import chain

import pytest

from mixcpt_store.byte_ranges import read_lines_between

FILE_CONTENTS = [b"", b"\n", b"a\nbb\n\nccc\n", b"no end", "ខ្មែរ\nend".encode()]


@pytest.mark.parametrize("content", FILE_CONTENTS)
def test_ranges_of_any_size_yield_every_line_once_and_in_order(content: bytes) -> None:
    for size in range(1, len(content) + 2):
        ranges = [(start, start + size) for start in range(0, len(content), size)]
        parts = [list(read_lines_between(io.BytesIO(content), *bounds)) for bounds in ranges]
        assert list(chain(*parts)) == content.splitlines(keepends=True)


def test_a_line_belongs_to_the_range_of_its_first_byte() -> None:
    assert list(read_lines_between(io.BytesIO(b"aa\nbb\ncc\n"), 3, 4)) == [b"bb\n"]
    assert list(read_lines_between(io.BytesIO(b"aa\nbb\ncc\n"), 4, 6)) == []
