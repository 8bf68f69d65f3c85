"""Formats rows as texts of training examples."""

from collections.abc import Mapping

from mixcpt_data.sources.source import Row


def format_example(row: Row, language_names: Mapping[str, str], *, swap_sides: bool = False) -> str:
    """Returns a single text unchanged, and a pair in the form of the study's prompts, with one side per line.

    A pair is `[English]: …`, a line break, `[Zulu]: …`. `swap_sides` puts the second language first.
    """
    if len(row.texts) == 1:
        return row.texts[0]
    sides = list(zip(row.languages, row.texts, strict=True))
    return "\n".join(f"[{language_names[code]}]: {text}" for code, text in sides[:: -1 if swap_sides else 1])
