"""The verb `benchmarks`: task files in the benchmarks' own layouts, from articles that no mixture holds."""

from pathlib import Path

from mixcpt_data.benchmarks.flores200_files import flores_splits, write_flores200
from mixcpt_data.benchmarks.passages import passage_texts, passages
from mixcpt_data.benchmarks.sib200_files import split_passages, write_sib200
from mixcpt_data.sources.source_spec import check_languages, held_out_articles
from mixcpt_data.sources.udhr import UDHR_DIRECTORY
from mixcpt_store.complete import is_complete, write_directory
from mixcpt_store.spec import Spec

_LEAST_PASSAGES = 6


def benchmarks(spec: Spec) -> None:
    output = spec.get_path("output")
    seed = spec.get_integer("seed")
    languages = spec.get_texts("languages")
    check_languages(spec, "languages", languages)
    articles = held_out_articles(spec)
    if not spec.problems and len(articles) < _LEAST_PASSAGES:
        spec.add_problem("heldOutArticles", f"holds {len(articles)} articles; at least {_LEAST_PASSAGES} are needed")
    spec.finish()
    if not is_complete(output):
        write_benchmarks(output, languages, articles, seed)


def write_benchmarks(
    output: Path,
    languages: list[str],
    articles: frozenset[int],
    seed: int,
    *,
    directory: Path = UDHR_DIRECTORY,
) -> None:
    wanted = passages(articles, directory)
    sib200, flores200 = split_passages(wanted, seed), flores_splits(wanted)
    counts = {
        "sib200": {name: len(part) for name, part in sib200.items()},
        "flores200": {name: len(part) for name, part in flores200.items()},
    }
    with write_directory(output, {"source": "held-out articles of the Declaration", **counts}) as target:
        for language in languages:
            texts = dict(zip(wanted, passage_texts(language, wanted, directory), strict=True))
            write_sib200(target / "sib200" / language, texts, sib200)
            write_flores200(target / "flores200", language, texts, flores200)
    print(f"{output}: {len(languages)} languages, {len(wanted)} passages each")
