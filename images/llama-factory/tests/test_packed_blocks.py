"""Packed blocks begin as the spec says, or tokenizing ends with an error."""

import pytest

from mixcpt_store.errors import InputError
from mixcpt_train.packed_blocks import check_block_start


@pytest.mark.parametrize(
    ("blocks", "begin_with_bos"), [([[1, 5], [1, 6]], True), ([[5, 6], [1, 6]], False), ([], True), ([], False)]
)
def test_accepts_blocks_that_begin_as_asked(blocks: list[list[int]], begin_with_bos: bool) -> None:
    check_block_start(blocks, 1, begin_with_bos=begin_with_bos)


@pytest.mark.parametrize(("blocks", "begin_with_bos"), [([[1, 5], [1, 6]], False), ([[1, 5], [5, 6]], True)])
def test_rejects_blocks_that_begin_otherwise(blocks: list[list[int]], begin_with_bos: bool) -> None:
    with pytest.raises(InputError, match=r"of 2 blocks begin with BOS although blocks.beginWithBos is (True|False)"):
        check_block_start(blocks, 1, begin_with_bos=begin_with_bos)
