"""A source made of files, for every storage location and every file format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from mixcpt_data.sources.formats import FILE_FORMATS, FileGroup
from mixcpt_data.sources.source import Row, Shard
from mixcpt_data.storage.locations import StorageLocation


@dataclass(frozen=True)
class CorpusSource:
    """`columns` names one text per language, or one for code. `patterns` are read in the given order."""

    location: StorageLocation
    patterns: tuple[str, ...]
    format: str
    columns: tuple[str, ...]
    languages: tuple[str, ...]
    escaped_newlines: bool = False

    def list_shards(self) -> Sequence[Shard]:
        file_format = FILE_FORMATS[self.format]
        files = [self.location.list_files(pattern) for pattern in self.patterns]
        return [CorpusShard(self, group) for group in file_format.split(file_format.arrange(self.patterns, files))]


@dataclass(frozen=True)
class CorpusShard:
    source: CorpusSource
    group: FileGroup

    def read_rows(self, random: Random) -> Iterator[Row]:
        """Yields the rows in the order of the file; `random` is not used."""
        source = self.source
        for texts in FILE_FORMATS[source.format].read(source.location, self.group, source.columns):
            if source.escaped_newlines:
                texts = tuple(text.replace("\\n", "\n") for text in texts)
            yield Row(tuple(_replace_surrogates(text.strip()) for text in texts), source.languages)


def _replace_surrogates(text: str) -> str:
    """Replaces lone surrogates with `?`: JSON can express them, but UTF-8 cannot, and no tokenizer accepts them."""
    return text.encode("utf-8", "replace").decode("utf-8")
