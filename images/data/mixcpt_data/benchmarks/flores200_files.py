"""Writes FLORES-200's layout: {dev,devtest}/<language>.{dev,devtest}, line N alike in all languages."""

from pathlib import Path

from mixcpt_data.benchmarks.passages import Passage


def flores_splits(wanted: list[Passage]) -> dict[str, list[Passage]]:
    """Every other passage is for shots (dev), the rest is for the test (devtest)."""
    return {"dev": wanted[::2], "devtest": wanted[1::2]}


def write_flores200(
    directory: Path, language: str, texts: dict[Passage, str], splits: dict[str, list[Passage]]
) -> None:
    for name, part in splits.items():
        (directory / name).mkdir(parents=True, exist_ok=True)
        lines = [texts[passage] for passage in part]
        (directory / name / f"{language}.{name}").write_text("\n".join(lines) + "\n", encoding="utf-8")
