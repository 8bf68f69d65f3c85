"""The study's language filter: every sentence of a row must be in exactly the expected language."""

from dataclasses import dataclass

from mixcpt_data.filters.sentences import split_sentences
from mixcpt_data.sources.source import Row
from mixcpt_store.errors import InputError
from mixcpt_store.language_labels import find_language_labels
from mixcpt_store.language_model import LanguageModel


@dataclass(frozen=True)
class LanguageFilter:
    """Keeps a row when all of its sentences are in the expected language.

    The study keeps a row in a single language, whichever that is. The drop reasons make the difference
    countable: the study's rule alone would have kept the rows dropped as `all in LABEL`.
    """

    model: LanguageModel

    def check_languages(self, languages: tuple[str, ...]) -> None:
        """Raises InputError for languages that the model cannot identify: all of their text would be dropped."""
        known = self.model.list_labels()
        missing = [language for language in languages if not find_language_labels(language) & known]
        if missing:
            unknown = ", ".join(missing)
            raise InputError(f"languageModel {self.model.name} cannot identify {unknown}; use GlotLID")

    def find_drop_reason(self, row: Row) -> str | None:
        """Returns why the row is dropped, or None to keep it."""
        for language, text in zip(row.languages, row.texts, strict=True):
            reason = self._check_text(language, text)
            if reason:
                return f"{language}: {reason}"
        return None

    def _check_text(self, language: str, text: str) -> str | None:
        sentences = [sentence for sentence in split_sentences(text) if _has_letters(sentence)]
        labels = {self.model.identify_language(sentence) for sentence in sentences}
        if not labels:
            return "no letters"
        if labels <= find_language_labels(language):
            return None
        return f"all in {labels.pop()}" if len(labels) == 1 else "several languages"


def _has_letters(sentence: str) -> bool:
    return any(character.isalpha() for character in sentence)
