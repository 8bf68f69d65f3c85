"""The SIB-200 topic assigned to each article of the Declaration.

SIB-200's labels are news topics, and the Declaration is not news. Each article gets the closest label:
13 and 14, leaving and entering countries: travel; 24, rest and leisure: sports; 25, medical care: health;
27, cultural life: entertainment, scientific production: science/technology; 15, nationality: geography.
Articles that match no label get politics. The label tests the pipeline, not a model's knowledge.
"""

TOPIC_LABELS = ("science/technology", "travel", "politics", "sports", "health", "entertainment", "geography")

_ARTICLE_TOPICS: dict[int, str] = {
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
_PARAGRAPH_TOPICS: dict[tuple[int, int], str] = {(27, 1): "entertainment", (27, 2): "science/technology"}


def find_topic(article: int, paragraph: int) -> str:
    """Returns the label of a paragraph; both numbers count from 1."""
    return _PARAGRAPH_TOPICS.get((article, paragraph)) or _ARTICLE_TOPICS.get(article, "politics")
