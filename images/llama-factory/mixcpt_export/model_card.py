"""The model card: README.md with the hub's metadata, and all that is known, and not known, about a model."""

from collections.abc import Iterable, Sequence

import yaml

from mixcpt_export.card_parts import (
    UNKNOWN_LICENSE,
    describe_source_gaps,
    format_counts,
    link_repository,
    link_source,
    render_table,
    select_count_columns,
)
from mixcpt_export.export_spec import ExportSpec
from mixcpt_export.run_records import CardScore, RunRecords


def render_model_card(export: ExportSpec, records: RunRecords, *, step: int, formats: str) -> str:
    """`formats` are the number formats of the checkpoint's weights, before they were written in bfloat16."""
    parts = [
        _render_front_matter(export),
        f"# {export.facts.cell}",
        _render_summary(export, step),
        _render_use(),
        _render_data(export, records),
        _render_training(export, records, step),
        _render_scores(records.scores),
        _render_licenses(export),
        _render_unknowns(export, records, formats),
    ]
    return "\n\n".join(parts) + "\n"


def _render_front_matter(export: ExportSpec) -> str:
    from huggingface_hub import ModelCardData

    facts = export.facts
    datasets = sorted({source.repository for source in facts.sources if source.repository})
    data = ModelCardData(
        base_model=facts.base_repository,
        datasets=datasets or None,
        language=list(facts.languages),
        library_name="transformers",
        license=facts.license,
        pipeline_tag="text-generation",
        tags=["continual-pretraining", "mixcpt"],
    )
    return f"---\n{data.to_yaml()}\n---"


def _render_summary(export: ExportSpec, step: int) -> str:
    facts = export.facts
    base = link_repository(facts.base_repository, facts.base_revision) or facts.base_title
    tokens = step * facts.tokens_per_step
    return (
        f"{base}, trained further (*continual pretraining*) on {tokens:,} tokens of the mixture {facts.mixture}: text "
        f"in {', '.join(facts.training_languages)}. It is checkpoint {step} of the run `{export.run.name}`, a cell of "
        "a matrix like that of the study [MixCPT](https://arxiv.org/abs/2504.04152). It continues text and "
        "was not trained to follow instructions."
    )


def _render_use() -> str:
    return (
        "```python\nfrom transformers import AutoModelForCausalLM, AutoTokenizer\n\n"
        'model = AutoModelForCausalLM.from_pretrained("<this repository>", dtype="auto")\n'
        'tokenizer = AutoTokenizer.from_pretrained("<this repository>")\n```'
    )


def _render_data(export: ExportSpec, records: RunRecords) -> str:
    sources = [[source.name, link_source(source)] for source in export.facts.sources]
    text = f"## Data\n\nThe corpus `{export.corpus.name}`, made of:\n\n" + render_table(["source", "origin"], sources)
    counts = records.statistics.get("languages") or {}
    if not counts:
        return f"{text}\n\nIts size was not recorded."
    total = records.statistics.get("total") or {}
    columns = select_count_columns(total)
    rows = [[language, *format_counts(count, columns)] for language, count in counts.items()]
    return f"{text}\n\n" + render_table(["language", *columns], [*rows, ["total", *format_counts(total, columns)]])


def _render_training(export: ExportSpec, records: RunRecords, step: int) -> str:
    facts = export.facts
    recipe = yaml.safe_dump(records.recipe, allow_unicode=True).strip() if records.recipe else "not recorded"
    attempts = [
        [
            str(attempt.get("started", "–")),
            f"`{attempt.get('image', '–')}`",
            ", ".join(f"{name} {version}" for name, version in sorted((attempt.get("versions") or {}).items())),
        ]
        for attempt in records.attempts
    ]
    return (
        f"## Training\n\nStep {step} of {facts.tokens_per_step:,} tokens each, on {facts.devices} device(s), with "
        f"LLaMA-Factory. The name of the run ends in a hash of everything that decides its weights: base model, "
        f"corpus, recipe, processes, model of GPU, code.\n\n```yaml\n{recipe}\n```\n\n"
        + render_table(["attempt", "image", "versions"], attempts or [["not recorded", "–", "–"]])
    )


def _render_scores(scores: Sequence[CardScore]) -> str:
    if not scores:
        return "## Scores\n\nThis checkpoint was not evaluated."
    measures = list(dict.fromkeys((score.benchmark, score.direction, score.metric) for score in scores))
    languages = list(dict.fromkeys(score.language for score in scores))
    values = {(score.language, (score.benchmark, score.direction, score.metric)): score for score in scores}
    rows = [
        [language, *(_format_score(values.get((language, measure))) for measure in measures)] for language in languages
    ]
    heads = [" ".join(part for part in measure if part) for measure in measures]
    return (
        "## Scores\n\nIn percent (BLEU and chrF++: 0 to 100), with the number of test items in parentheses.\n\n"
        + render_table(["language", *heads], rows)
    )


def _format_score(score: CardScore | None) -> str:
    return "–" if score is None else f"{score.value:.2f} ({score.items:,})"


def _render_licenses(export: ExportSpec) -> str:
    facts = export.facts
    base = link_repository(facts.base_repository, facts.base_revision) or facts.base_title
    rows = [[base, "base model", facts.license]]
    rows += [
        [
            link_repository(source.repository, source.revision, "datasets/") or source.name,
            "text",
            source.license or UNKNOWN_LICENSE,
        ]
        for source in facts.sources
    ]
    return (
        "## Licenses\n\nThe weights are derived from the base model, whose license binds them; it may restrict the "
        "name and the use of what is derived.\n\n" + render_table(["of", "role", "license"], rows)
    )


def _render_unknowns(export: ExportSpec, records: RunRecords, formats: str) -> str:
    return "## What is not known\n\n" + "\n".join(f"- {line}" for line in _list_unknowns(export, records, formats))


def _list_unknowns(export: ExportSpec, records: RunRecords, formats: str) -> Iterable[str]:
    facts = export.facts
    yield (
        "Nothing beyond the scores above was measured: not safety, bias, factual accuracy, memorized text, nor any "
        "language or task that the table lacks."
    )
    if facts.license == UNKNOWN_LICENSE:
        yield f"The license of the base model {facts.base_title} is not known."
    for source in facts.sources:
        yield from describe_source_gaps(source)
    yield "Whether the text holds personal or copyrighted content was not checked."
    if formats != "bfloat16":
        yield f"The scores are of the weights in {formats}; those in bfloat16 here were rounded and not scored again."
    if not records.attempts:
        yield "On which software and devices the training ran was not recorded."
    if not records.statistics:
        yield "How much text of each language the corpus has was not recorded."
