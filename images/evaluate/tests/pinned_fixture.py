"""A small benchmark in the real layouts, by rule, so that its prompts can be pinned as hashes."""

from pathlib import Path

from mixcpt_evaluate.tasks.benchmark_definitions import SIB200

_TEXTS = {
    "eng_Latn": 'The "open" report number {0} speaks of water, trade and rivers.',
    "zul_Latn": "Umbiko wesi-{0} ukhuluma ngamanzi nokuhweba. ",
    "khm_Khmr": "របាយការណ៍លេខ {0} និយាយអំពីទឹក",
}


def write_pinned(folder: Path) -> Path:
    """SIB-200 with 40 and 20 items, FLORES-200 with 30 and 20 sentences; the marker is left to the caller."""
    for language, text in _TEXTS.items():
        directory = folder / "sib200" / language
        directory.mkdir(parents=True)
        for split, numbers in (("train", range(40)), ("test", range(40, 60))):
            rows = [f"{number}\t{SIB200.labels[number * 5 % 7]}\t{text.format(number)}\n" for number in numbers]
            (directory / f"{split}.tsv").write_text("index_id\tcategory\ttext\n" + "".join(rows))
        for split, numbers in (("dev", range(100, 130)), ("devtest", range(200, 220))):
            (folder / "flores200" / split).mkdir(parents=True, exist_ok=True)
            lines = [text.format(number) + "\n" for number in numbers]
            (folder / "flores200" / split / f"{language}.{split}").write_text("".join(lines))
    return folder


SIZES = {"sib200": {"train": 40, "test": 20}, "flores200": {"dev": 30, "devtest": 20}}
