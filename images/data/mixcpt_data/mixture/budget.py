"""Budgets: how much of a source a mixture takes, in words, characters, bytes or tokens."""

from dataclasses import dataclass

from mixcpt_data.sources.source import Row
from mixcpt_store.spec import Spec

BUDGET_UNITS = ("words", "characters", "bytes", "tokens")

# Scripts that do not separate words with spaces; jobs/matrix has the same.
_SCRIPTS_WITHOUT_SPACES = frozenset({"Hans", "Hant", "Jpan", "Khmr", "Laoo", "Mymr", "Thai", "Tibt"})


@dataclass(frozen=True)
class Budget:
    """The `amount` that a source may add at most, in a unit of BUDGET_UNITS."""

    unit: str
    amount: int


def read_budget(spec: Spec, languages: tuple[str, ...]) -> Budget | None:
    """Reads the budget of a source, which has at most one. Adds problems to `spec`."""
    amounts = {unit: spec.get_optional_integer(unit, minimum=1) for unit in BUDGET_UNITS}
    budgets = [Budget(unit, amount) for unit, amount in amounts.items() if amount is not None]
    if len(budgets) > 1:
        spec.add_problem(budgets[1].unit, f"is set beside {budgets[0].unit}; a source has one budget")
    if languages and amounts["words"] is not None and not any(map(separates_words, languages)):
        spec.add_problem("words", f"cannot be counted in {'-'.join(languages)}; use characters")
    return budgets[0] if budgets else None


def separates_words(language: str) -> bool:
    return language[-4:] not in _SCRIPTS_WITHOUT_SPACES


def count_budget(row: Row, unit: str, tokens: int) -> int:
    """Counts what a row uses of a budget.

    Words are those of the sides whose script separates them: a translation is as long as they say.
    """
    if unit == "tokens":
        return tokens
    if unit == "characters":
        return sum(map(len, row.texts))
    if unit == "bytes":
        return sum(len(text.encode("utf-8", "replace")) for text in row.texts)
    languages = row.languages or ("code",)
    sides = zip(languages, row.texts, strict=True)
    return sum(len(text.split()) for language, text in sides if separates_words(language))
