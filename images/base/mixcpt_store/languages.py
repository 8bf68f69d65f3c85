"""Languages by FLORES-200 code. Their names, which prompts and pairs contain, travel in the spec."""

import re
from collections.abc import Iterable

from mixcpt_store.spec import Spec

_CODE = re.compile("[a-z]{3}_[A-Z][a-z]{3}")


def check_language_codes(spec: Spec, key: str, codes: Iterable[str]) -> None:
    """Adds a problem to `spec` for each text that is not a code."""
    for code in codes:
        if not _CODE.fullmatch(code):
            spec.add_problem(key, f"has an invalid entry: {code!r} is not a FLORES-200 code such as zul_Latn")


def read_language_names(spec: Spec, codes: Iterable[str]) -> dict[str, str]:
    """Reads `languageNames`, which must name every language of `codes`. Adds problems to `spec`."""
    names = spec.get_mapping("languageNames", default={})
    for code in sorted(set(codes)):
        if not isinstance(names.get(code), str) or not names[code]:
            spec.add_problem("languageNames", f"has no name for {code}; add one, such as {code}: English")
    return {code: name for code, name in names.items() if isinstance(name, str)}
