"""The study's filter: every sentence of a row must be in exactly the language that is expected of it."""

from dataclasses import dataclass

from mixcpt_data.filters.language_labels import labels_of
from mixcpt_data.filters.language_model import LanguageModel
from mixcpt_data.filters.sentences import sentences
from mixcpt_data.sources.source import Row
from mixcpt_store.errors import InputError


@dataclass(frozen=True)
class LanguageFilter:
    """The study keeps what is in one language throughout, whichever that is; here it must be the right one.

    The reasons tell the two apart: `all in LABEL` is what the study's rule alone would have kept.
    """

    model: LanguageModel

    def check(self, languages: tuple[str, ...]) -> None:
        """Raises InputError for languages that the model cannot tell: all of their text would be dropped."""
        known = self.model.labels()
        missing = [language for language in languages if not labels_of(language) & known]
        if missing:
            unknown = ", ".join(missing)
            raise InputError(f"languageModel {self.model.name} does not know {unknown}; take GlotLID")

    def reason_against(self, row: Row) -> str | None:
        """Why the row is dropped; None keeps it."""
        for language, text in zip(row.languages, row.texts, strict=True):
            reason = self._reason(language, text)
            if reason:
                return f"{language}: {reason}"
        return None

    def _reason(self, language: str, text: str) -> str | None:
        found = {self.model.identify(sentence) for sentence in sentences(text) if _has_letters(sentence)}
        if not found:
            return "no letters"
        if found <= labels_of(language):
            return None
        return f"all in {found.pop()}" if len(found) == 1 else "several languages"


def _has_letters(sentence: str) -> bool:
    return any(character.isalpha() for character in sentence)
