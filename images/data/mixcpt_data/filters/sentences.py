"""Splits text into sentences by the punctuation of the study's scripts."""

import re

# A full stop may end an abbreviation: it ends a sentence only before a space and no lower-case letter. The
# marks of Chinese, Devanagari, Khmer and Burmese end one wherever they stand. Thai and Lao have none: there a
# line is a sentence.
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?![a-zа-я])|(?<=[。！？।॥។៕၊။])\s*")


def sentences(text: str) -> list[str]:
    """Without empty ones. A line break always ends a sentence."""
    found = (part.strip() for line in text.splitlines() for part in _END.split(line))
    return [sentence for sentence in found if sentence]
