"""Moses files found by patterns are paired by their names, and never by their position in a list."""

import pytest
from mixture_fixture import MixtureWorkspace

from mixcpt_data.sources.file_pairs import pair_files_by_name
from mixcpt_data.storage.locations import StoredFile
from mixcpt_store.errors import InputError


def _pair_names(patterns: list[str], *sides: list[str]) -> list[tuple[str, ...]]:
    files = [[StoredFile(name, 1, "1") for name in names] for names in sides]
    return [tuple(file.name for file in group) for group in zip(*pair_files_by_name(patterns, files), strict=True)]


@pytest.mark.parametrize(
    ("patterns", "first", "second"),
    [
        (["*.eng", "*.zul"], ["x1.eng", "x2.eng"], ["x1.zul", "x2.zul"]),
        (["*.eng.gz", "*.zul"], ["x1.eng.gz", "x2.eng.gz"], ["x1.zul", "x2.zul"]),
        (["en/*.txt", "zu/*.txt"], ["en/1.txt", "en/2.txt"], ["zu/1.txt", "zu/2.txt"]),
        (["en.*.txt", "zu.*.txt"], ["en.1.txt", "en.2.txt"], ["zu.1.txt", "zu.2.txt"]),
        (["*/*.en-zu.en", "*/*.en-zu.zu"], ["a/NLLB.en-zu.en"], ["a/NLLB.en-zu.zu"]),
        (["x?.eng", "*.zul"], ["x1.eng", "x2.eng"], ["x1.zul", "x2.zul"]),
        (["x[12].eng", "x[12].zul"], ["x1.eng", "x2.eng"], ["x1.zul", "x2.zul"]),
        (["x[!3].eng", "x[!3].zul"], ["x1.eng", "x2.eng"], ["x1.zul", "x2.zul"]),
        (["**/*.eng", "**/*.zul"], ["a/x.eng", "x.eng"], ["a/x.zul", "x.zul"]),
        (["eng-zul.eng", "*.zul"], ["eng-zul.eng"], ["eng-zul.zul"]),
        (["one.eng", "other.zul"], ["one.eng"], ["other.zul"]),
    ],
)
def test_partners_have_the_same_name_up_to_the_language(
    patterns: list[str], first: list[str], second: list[str]
) -> None:
    expected = list(zip(first, second, strict=True))
    assert _pair_names(patterns, first, second) == expected
    assert _pair_names(patterns, first, second[::-1]) == expected


@pytest.mark.parametrize(
    ("first", "second", "unpaired"),
    [
        (["x1.eng", "x2.eng"], ["x3.zul", "y2.zul"], "x1.eng, x2.eng, x3.zul, y2.zul"),
        (["x1.eng", "x2.eng"], ["x1.zul", "x3.zul"], "x2.eng, x3.zul"),
        (["x1.eng", "x2.eng"], ["x1.zul"], "x2.eng"),
        (["x1.eng"], ["y1.zul"], "x1.eng, y1.zul"),
    ],
)
def test_files_without_a_partner_are_named(first: list[str], second: list[str], unpaired: str) -> None:
    with pytest.raises(InputError, match=f"must come in pairs; .* without a partner of the same name: {unpaired}$"):
        _pair_names(["*.eng", "*.zul"], first, second)


def test_a_long_list_of_files_without_a_partner_is_cut() -> None:
    with pytest.raises(InputError, match=r"x018\.eng, x019\.eng and 80 more$|x009\.eng and 91 more$"):
        _pair_names(["*.eng", "*.zul"], [f"x{n:03}.eng" for n in range(100)], ["y.zul"])


def test_texts_of_files_with_other_names_never_meet(workspace: MixtureWorkspace) -> None:
    for name in ("x1.eng", "x2.eng", "y2.zul", "x3.zul"):
        workspace.write_input(name, f"{name}\n")
    source = workspace.files_source("*.eng", "*.zul", format="moses", languages=["eng_Latn", "zul_Latn"])
    with pytest.raises(InputError, match="without a partner of the same name"):
        workspace.mix_sources(source)
    for name in ("x1.zul", "x2.zul", "x3.eng", "y2.eng"):
        workspace.write_input(name, f"{name}\n")
    pairs = [sorted(line.split("]: ")[1] for line in text.split("\n")) for text in workspace.mix_sources(source)]
    assert sorted(pairs) == [[f"{stem}.eng", f"{stem}.zul"] for stem in ("x1", "x2", "x3", "y2")]


@pytest.mark.parametrize(
    ("english", "zulu", "counts"), [("a\nb\n", "c\n", "2 and 1"), ("a\n", "b\nc\nd", "1 and 3"), ("", "a\n", "0 and 1")]
)
def test_different_numbers_of_lines_are_both_named(
    workspace: MixtureWorkspace, english: str, zulu: str, counts: str
) -> None:
    workspace.write_input("a.eng", english)
    workspace.write_input("a.zul", zulu)
    source = workspace.files_source("a.eng", "a.zul", format="moses", languages=["eng_Latn", "zul_Latn"])
    with pytest.raises(InputError, match=rf"a\.eng and .*a\.zul: the numbers of lines differ: {counts}; line N"):
        workspace.mix_sources(source)
