"""A source that is made of files, wherever they lie and whatever their format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from mixcpt_data.sources.formats import FORMATS, Group
from mixcpt_data.sources.source import Row, Shard
from mixcpt_data.storage.locations import Place


@dataclass(frozen=True)
class CorpusSource:
    """`columns` names one text per language, or one for code. `patterns` are read in their order."""

    place: Place
    patterns: tuple[str, ...]
    format: str
    columns: tuple[str, ...]
    languages: tuple[str, ...]
    escaped_newlines: bool = False

    def shards(self) -> Sequence[Shard]:
        files = [self.place.files(pattern) for pattern in self.patterns]
        return [CorpusShard(self, group) for group in FORMATS[self.format].split(files)]


@dataclass(frozen=True)
class CorpusShard:
    source: CorpusSource
    group: Group

    def rows(self, random: Random) -> Iterator[Row]:
        """In the order of the file; nothing is drawn."""
        source = self.source
        for texts in FORMATS[source.format].read(source.place, self.group, source.columns):
            if source.escaped_newlines:
                texts = tuple(text.replace("\\n", "\n") for text in texts)
            yield Row(tuple(_encodable(text.strip()) for text in texts), source.languages)


def _encodable(text: str) -> str:
    """With `?` for half a surrogate pair: JSON can say one; UTF-8 cannot, and no tokenizer takes it."""
    return text.encode("utf-8", "replace").decode("utf-8")
