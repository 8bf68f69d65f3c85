"""Explains a file that is not in the format of its source: what it looks like, and what to do."""

import codecs

from mixcpt_data.storage.locations import StorageLocation, StoredFile

_HEAD_BYTES = 512
_UTF_16 = "it begins like UTF-16; convert it to UTF-8"
_HTML = "it begins like an HTML page; download the file again"
_LFS_START = b"version https://git-lfs.github.com/spec/"
_ZIP_START = b"PK\x03\x04"
# The first bytes of files that are valid UTF-8, so that no line of them is damaged, but are not the text itself.
UNREADABLE_STARTS = (_LFS_START, _ZIP_START)
# The first bytes of files that are often taken for others.
_KNOWN_STARTS = (
    (_LFS_START, "it is a pointer of git-lfs; fetch the file itself with `git lfs pull`"),
    (b"\x1f\x8b", "it begins like gzip; give it a name that ends in .gz"),
    (_ZIP_START, "it begins like a ZIP archive; unpack it"),
    (b"PAR1", "it begins like parquet; set `format: parquet`"),
    (b"\x28\xb5\x2f\xfd", "it begins like Zstandard; unpack it"),
    (b"BZh", "it begins like bzip2; unpack it"),
    (b"\xfd7zXZ", "it begins like XZ; unpack it"),
    (codecs.BOM_UTF16_LE, _UTF_16),
    (codecs.BOM_UTF16_BE, _UTF_16),
)
_HTML_STARTS = (b"<!doctype html", b"<html")


def describe_wrong_content(location: StorageLocation, file: StoredFile) -> str:
    """Returns `; …` with what the beginning of the file looks like; empty when that gives no clue."""
    with location.open_file(file) as raw:
        head = raw.read(_HEAD_BYTES)
    hint = next((hint for start, hint in _KNOWN_STARTS if head.startswith(start)), "")
    # A compressed file with the right name begins like that: it is damaged further on.
    if head.startswith(b"\x1f\x8b") and file.name.endswith(".gz"):
        hint = ""
    if head.startswith(b"PAR1") and file.name.endswith(".parquet"):
        hint = ""
    if head.lstrip().lower().startswith(_HTML_STARTS):
        hint = _HTML
    return f"; {hint}" if hint else ""
