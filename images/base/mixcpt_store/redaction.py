"""Removes secrets from text that is kept in the store, where more people can read it than the pod that knows them."""

import re
from collections.abc import Mapping
from urllib.parse import quote

_HIDDEN = "***"
# Neither tokenizers nor places: a path that is missing may be the cause.
_SECRET_VARIABLE = re.compile(
    r"^(?!.*_(?:FILE|PATH|DIR)$).*(?:TOKEN(?!IZ)|SECRET|PASSW|PASSPHRASE|CREDENTIAL|(?:API|ACCESS|PRIVATE)_?KEY)",
    re.IGNORECASE,
)
# Our assumption: no secret is shorter, and a shorter value, such as 1, would be hidden wherever it stands.
_SHORTEST_SECRET = 6
_PATTERNS = (
    # Tokens of the hub, which the names of its client's functions resemble, and of Kubernetes.
    (re.compile(r"\bhf_(?:[A-Za-z0-9]{20,}|(?:oauth|jwt)_[\w.-]{20,})"), _HIDDEN),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), _HIDDEN),
    # User and password of an address, and its query: the hub's redirects lead to addresses that anyone may use. The
    # client libraries also print the part behind the host alone.
    (re.compile(r"(?<=://)[^/\s@'\"]+@"), f"{_HIDDEN}@"),
    (re.compile(r"(\bhttps?://[^\s?'\"<>]+\?)[^\s'\"<>)]+"), rf"\1{_HIDDEN}"),
    (re.compile(r"(?<=[\w/])\?[\w.%-]+=[^\s'\"<>)]+"), f"?{_HIDDEN}"),
    # Headers and settings.
    (
        re.compile(r"(authorization['\"]?[ \t]*[:=][ \t]*['\"]?(?:\w+[ \t]+)?)[^\s'\",]+", re.IGNORECASE),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"(\bbearer[ \t]+)[\w.~+/=-]{16,}", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (
        re.compile(
            r"((?:password|passwd|secret|api[_-]?key|(?:access|auth|hf|private)[_-]?token)['\"]?[ \t]*[=:][ \t]*['\"]?)"
            r"(?!(?:None|True|False|null|true|false)\b)[^\s'\",;&]+",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
)


def redact_secrets(text: str, environment: Mapping[str, str]) -> str:
    """Replaces the values of secret variables, and what looks like a token, a password or a signed address."""
    for secret in _list_secrets(environment):
        text = text.replace(secret, _HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _list_secrets(environment: Mapping[str, str]) -> list[str]:
    """Lists the values of secret variables, each of their lines, and both as in an address; the longest first."""
    values = {value.strip() for name, value in environment.items() if _SECRET_VARIABLE.search(name)}
    parts = values | {line.strip() for value in values for line in value.splitlines()}
    forms = parts | {quote(part, safe="") for part in parts}
    return sorted((form for form in forms if len(form) >= _SHORTEST_SECRET), key=len, reverse=True)
