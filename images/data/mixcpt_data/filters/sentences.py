"""Splits text into sentences by the punctuation of the study's scripts."""

import re

# A full stop can also end an abbreviation, so it ends a sentence only before a space that no lower-case letter
# follows. The marks of Chinese, Devanagari, Khmer and Burmese end a sentence everywhere. Thai and Lao have no such
# marks: in these scripts each line is a sentence.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?![a-zа-я])|(?<=[。！？।॥។៕၊။])\s*")


def split_sentences(text: str) -> list[str]:
    """Returns the sentences without empty ones. A line break always ends a sentence."""
    parts = (part.strip() for line in text.splitlines() for part in _SENTENCE_END.split(line))
    return [sentence for sentence in parts if sentence]
