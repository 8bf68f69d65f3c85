"""Which of SIB-200's topics an article of the Declaration stands for.

SIB-200's labels are topics of news; the Declaration is no news. Each article gets the label closest to it:
13 and 14, leaving and entering countries: travel; 24, rest and leisure: sports; 25, medical care: health;
27, cultural life: entertainment, scientific production: science/technology; 15, nationality: geography.
Where nothing fits, it is politics. The label tests the machinery, not a model's knowledge.
"""

LABELS = ("science/technology", "travel", "politics", "sports", "health", "entertainment", "geography")

_OF_ARTICLE: dict[int, str] = {
    2: "geography",
    3: "health",
    5: "health",
    9: "travel",
    12: "science/technology",
    13: "travel",
    14: "travel",
    15: "geography",
    16: "health",
    18: "entertainment",
    19: "entertainment",
    22: "health",
    23: "health",
    24: "sports",
    25: "health",
    26: "science/technology",
    28: "geography",
}
_OF_PARAGRAPH: dict[tuple[int, int], str] = {(27, 1): "entertainment", (27, 2): "science/technology"}


def topic_of(article: int, paragraph: int) -> str:
    """The label of a paragraph, both counted from 1."""
    return _OF_PARAGRAPH.get((article, paragraph)) or _OF_ARTICLE.get(article, "politics")
