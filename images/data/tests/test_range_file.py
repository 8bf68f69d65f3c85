"""A file read by ranges."""

import pytest

from mixcpt_data.storage.range_file import open_ranges


@pytest.mark.parametrize("wanted", [1, 4 * 1024 * 1024, 9 * 1024 * 1024])
def test_no_request_is_larger_than_a_block(wanted: int) -> None:
    content = bytes(range(251)) * 40_000
    asked: list[int] = []

    def fetch(start: int, end: int) -> bytes:
        asked.append(end - start)
        return content[start:end]

    assert open_ranges(fetch, len(content)).read(wanted) == content[:wanted]
    assert max(asked) <= 4 * 1024 * 1024
