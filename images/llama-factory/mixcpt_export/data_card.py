"""The data card: README.md with the hub's metadata, and all that is known, and not known, about a mixture."""

from collections.abc import Iterable, Mapping
from typing import Any

from mixcpt_export.card_parts import (
    UNKNOWN_LICENSE,
    describe_source_gaps,
    format_counts,
    link_source,
    render_table,
    select_count_columns,
)
from mixcpt_export.export_spec import DataExportSpec

TEXT_FILE = "train.jsonl"
_SIZE_STEPS = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B")


def render_data_card(export: DataExportSpec, statistics: Mapping[str, Any]) -> str:
    """`statistics` is STATS.json of the mixture."""
    parts = [
        _render_dataset_metadata(export, statistics),
        f"# {export.facts.mixture}",
        _render_data_summary(export, statistics),
        _render_loading(),
        _render_sources(export, statistics),
        _render_languages(statistics),
        _render_filter(statistics),
        _render_data_gaps(export),
    ]
    return "\n\n".join(parts) + "\n"


def _render_dataset_metadata(export: DataExportSpec, statistics: Mapping[str, Any]) -> str:
    from huggingface_hub import DatasetCardData

    facts = export.facts
    licenses = list(facts.licenses)
    data = DatasetCardData(
        pretty_name=facts.mixture,
        language=list(facts.languages),
        license=licenses[0] if len(licenses) == 1 else licenses,
        size_categories=[_find_size_category(statistics["total"]["rows"])],
        source_datasets=sorted({source.repository for source in facts.sources if source.repository}) or None,
        task_categories=["text-generation"],
        tags=["continual-pretraining", "mixcpt"],
        # Without it, the hub would take STATS.json for data as well.
        configs=[{"config_name": "default", "data_files": TEXT_FILE}],
    )
    return f"---\n{data.to_yaml()}\n---"


def _find_size_category(rows: int) -> str:
    """Returns the hub's word for a number of rows, such as 10K<n<100K."""
    passed = [name for power, name in enumerate(_SIZE_STEPS, start=3) if rows >= 10**power]
    if not passed:
        return f"n<{_SIZE_STEPS[0]}"
    following = _SIZE_STEPS[len(passed) : len(passed) + 1]
    return f"{passed[-1]}<n<{following[0]}" if following else f"n>{passed[-1]}"


def _render_data_summary(export: DataExportSpec, statistics: Mapping[str, Any]) -> str:
    total = statistics["total"]
    counts = ", ".join(f"{total[unit]:,} {unit}" for unit in select_count_columns(total))
    return (
        f"Text for continual pretraining in {', '.join(export.facts.text_languages)}: {counts}. It is the mixture "
        f"{export.facts.mixture}, `{export.corpus.name}`, of a matrix like that of the study "
        "[MixCPT](https://arxiv.org/abs/2504.04152). The name ends in a hash of everything that decides its text: "
        "sources, commits, amounts, filters, code.\n\n"
        f"Units: {statistics.get('unit', 'not recorded')}. Scripts without spaces have few words. A row is a JSON "
        "object with the field `text`; the rows are shuffled. A pair of sentences is one text with a line for each "
        "language, such as `[English]: …` and `[Zulu]: …`."
    )


def _render_loading() -> str:
    return (
        "```python\nfrom datasets import load_dataset\n\n"
        'rows = load_dataset("<this repository>", split="train", streaming=True)\n```'
    )


def _render_sources(export: DataExportSpec, statistics: Mapping[str, Any]) -> str:
    columns = select_count_columns(statistics["total"])
    counts = statistics.get("sources") or {}
    rows = [
        [
            source.name,
            link_source(source),
            source.license or UNKNOWN_LICENSE,
            *format_counts(counts.get(source.name, {}), columns),
        ]
        for source in export.facts.sources
    ]
    text = "## Sources\n\n" + render_table(["source", "origin", "license", *columns], rows)
    gaps = [
        f"- {entry['source']} ({', '.join(entry['languages']) or 'code'}) has {entry['got']:,} of the "
        f"{entry['asked']:,} {entry['unit']} of its budget."
        for entry in statistics.get("short") or []
    ]
    repeated = [
        f"- {source}, {language}: read up to {times:g} times."
        for source, languages in (statistics.get("repeated") or {}).items()
        for language, times in languages.items()
    ]
    return "\n\n".join([text, *("\n".join(lines) for lines in (gaps, repeated) if lines)])


def _render_languages(statistics: Mapping[str, Any]) -> str:
    columns = select_count_columns(statistics["total"])
    rows = [
        [language, source, *format_counts(counts, columns)]
        for source, languages in (statistics.get("sourcesByLanguage") or {}).items()
        for language, counts in languages.items()
    ]
    total = ["total", "", *format_counts(statistics["total"], columns)]
    return (
        "## Languages\n\nCodes of FLORES-200; two with a dash are pairs of sentences. Repetitions are counted.\n\n"
        + render_table(["language", "source", *columns], [*sorted(rows), total])
    )


def _render_filter(statistics: Mapping[str, Any]) -> str:
    rows = [
        [
            language,
            source,
            *format_counts(counts, ["read", "kept"]),
            ", ".join(f"{reason} {count:,}" for reason, count in (counts.get("dropped") or {}).items()) or "–",
        ]
        for source, languages in (statistics.get("filter") or {}).items()
        for language, counts in languages.items()
    ]
    if not rows:
        return "## Filter\n\nWhat was filtered was not recorded."
    return "## Filter\n\nRows that were read, kept and dropped, and the reasons.\n\n" + render_table(
        ["language", "source", "read", "kept", "dropped"], sorted(rows)
    )


def _render_data_gaps(export: DataExportSpec) -> str:
    return "## What is not known\n\n" + "\n".join(f"- {line}" for line in _list_data_gaps(export))


def _list_data_gaps(export: DataExportSpec) -> Iterable[str]:
    for source in export.facts.sources:
        yield from describe_source_gaps(source)
    yield (
        "The licenses are those that the pages of the sources or the stack's file name. What they allow together was "
        "not judged, and single texts may have licenses of their own."
    )
    yield "Whether the text holds personal, harmful or copyrighted content was not checked."
    yield "No speaker of the languages has judged the text."
