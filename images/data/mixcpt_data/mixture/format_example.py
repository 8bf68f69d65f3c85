"""How a row becomes the text of one training instance."""

from mixcpt_data.sources.source import Row
from mixcpt_store.languages import LANGUAGE_NAMES


def instance(row: Row, *, swapped: bool = False) -> str:
    """One text as it is; a pair as the study's prompts write one: `[English]: …`, line break, `[Zulu]: …`.

    `swapped` puts the second language first.
    """
    if len(row.texts) == 1:
        return row.texts[0]
    sides = list(zip(row.languages, row.texts, strict=True))
    return "\n".join(f"[{LANGUAGE_NAMES[code]}]: {text}" for code, text in sides[:: -1 if swapped else 1])
