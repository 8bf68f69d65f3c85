"""A file that is read by byte ranges."""

import pytest

from mixcpt_data.storage.range_file import open_byte_ranges


@pytest.mark.parametrize("size", [1, 4 * 1024 * 1024, 9 * 1024 * 1024])
def test_no_request_is_larger_than_a_block(size: int) -> None:
    content = bytes(range(251)) * 40_000
    requested: list[int] = []

    def fetch(start: int, end: int) -> bytes:
        requested.append(end - start)
        return content[start:end]

    assert open_byte_ranges(fetch, len(content)).read(size) == content[:size]
    assert max(requested) <= 4 * 1024 * 1024
