"""The spec of an export."""

from dataclasses import dataclass
from pathlib import Path

from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class TextSource:
    """A source of the text: a repository of the hub at a commit, or files of the store without one."""

    name: str
    repository: str | None
    revision: str | None
    license: str | None


@dataclass(frozen=True)
class CardFacts:
    """The facts of the model card that no file of the store holds. `license` is an identifier of the hub."""

    cell: str
    stack: str
    mixture: str
    languages: tuple[str, ...]
    training_languages: tuple[str, ...]
    base_title: str
    base_repository: str | None
    base_revision: str | None
    license: str
    sources: tuple[TextSource, ...]
    devices: int
    tokens_per_step: int


@dataclass(frozen=True)
class PushTarget:
    """A repository of a hub. The endpoint and the token come from the environment, as the client library reads them."""

    repository: str
    private: bool


@dataclass(frozen=True)
class ExportSpec:
    """`model` is the base model's folder, `scores` are folders of score files; all are paths in the store."""

    output: Path
    checkpoint: Path
    run: Path
    model: Path
    corpus: Path
    scores: tuple[Path, ...]
    facts: CardFacts
    max_shard_bytes: int
    push: PushTarget | None = None


@dataclass(frozen=True)
class DataCardFacts:
    """The facts of a data card that no file of the store holds. `licenses` are identifiers of the hub."""

    mixture: str
    stack: str
    languages: tuple[str, ...]
    text_languages: tuple[str, ...]
    licenses: tuple[str, ...]
    sources: tuple[TextSource, ...]


@dataclass(frozen=True)
class DataExportSpec:
    """`corpus` is the folder of a mixture in the store."""

    output: Path
    corpus: Path
    facts: DataCardFacts
    push: PushTarget | None = None


def read_data_export_spec(spec: Spec) -> DataExportSpec:
    """Raises InputError with all problems of the spec."""
    card = spec.get_child("card")
    export = DataExportSpec(
        output=spec.get_path("output"),
        corpus=spec.get_path("corpus"),
        facts=DataCardFacts(
            mixture=card.get_text("mixture"),
            stack=card.get_text("stack"),
            languages=tuple(card.get_texts("languages")),
            text_languages=tuple(card.get_texts("textLanguages")),
            licenses=tuple(card.get_texts("licenses")),
            sources=tuple(_read_source(source) for source in card.get_children("sources")),
        ),
        push=_read_push(push) if (push := spec.get_optional_child("push")) else None,
    )
    spec.finish()
    return export


def read_export_spec(spec: Spec) -> ExportSpec:
    """Raises InputError with all problems of the spec."""
    export = ExportSpec(
        output=spec.get_path("output"),
        checkpoint=spec.get_path("checkpoint"),
        run=spec.get_path("run"),
        model=spec.get_path("model"),
        corpus=spec.get_path("corpus"),
        scores=tuple(spec.get_paths("scores")),
        facts=_read_facts(spec.get_child("card")),
        max_shard_bytes=spec.get_integer("maxShardBytes", default=5_000_000_000, minimum=1),
        push=_read_push(push) if (push := spec.get_optional_child("push")) else None,
    )
    spec.finish()
    return export


def _read_facts(spec: Spec) -> CardFacts:
    base = spec.get_child("base")
    return CardFacts(
        cell=spec.get_text("cell"),
        stack=spec.get_text("stack"),
        mixture=spec.get_text("mixture"),
        languages=tuple(spec.get_texts("languages")),
        training_languages=tuple(spec.get_texts("trainingLanguages")),
        base_title=base.get_text("title"),
        base_repository=base.get_optional_text("repository"),
        base_revision=base.get_optional_text("revision"),
        license=spec.get_text("license"),
        sources=tuple(_read_source(source) for source in spec.get_children("sources")),
        devices=spec.get_integer("devices", minimum=1),
        tokens_per_step=spec.get_integer("tokensPerStep", minimum=1),
    )


def _read_source(spec: Spec) -> TextSource:
    return TextSource(
        name=spec.get_text("name"),
        repository=spec.get_optional_text("repository"),
        revision=spec.get_optional_text("revision"),
        license=spec.get_optional_text("license"),
    )


def _read_push(spec: Spec) -> PushTarget:
    return PushTarget(repository=spec.get_text("repository"), private=spec.get_flag("private"))
