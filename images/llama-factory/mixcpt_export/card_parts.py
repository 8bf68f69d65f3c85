"""Parts of model and data cards: links, tables, counts, and what is not known about a source."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mixcpt_export.export_spec import TextSource

UNKNOWN_LICENSE = "unknown"
_COUNTS = ("rows", "words", "characters", "tokens")


def select_count_columns(counts: Mapping[str, Any]) -> list[str]:
    """Returns the units in which a text was counted."""
    return [name for name in _COUNTS if name in counts]


def format_counts(counts: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [f"{counts[name]:,}" if isinstance(counts.get(name), int) else "–" for name in columns]


def link_source(source: TextSource) -> str:
    """Returns where a text comes from."""
    return link_repository(source.repository, source.revision, "datasets/") or "files of the site"


def describe_source_gaps(source: TextSource) -> Iterable[str]:
    if source.license is None:
        yield f"The license of the text {source.name} is not recorded; see where it comes from."
    if source.repository is None:
        yield f"The version of the text {source.name} is not recorded: these were files of the site."


def link_repository(repository: str | None, revision: str | None, prefix: str = "") -> str | None:
    if repository is None:
        return None
    if revision is None:
        return f"[{repository}](https://huggingface.co/{prefix}{repository})"
    return f"[{repository}](https://huggingface.co/{prefix}{repository}/tree/{revision}) at `{revision[:7]}`"


def render_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[cell.replace("|", r"\|") for cell in line] for line in (heads, ["---"] * len(heads), *rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
