"""SIB-200's prompts, byte for byte as in the study."""

from mixcpt_evaluate.item_seeds import item_seeds
from mixcpt_evaluate.sib200_files import LABELS, Sib200Data

_HEADER = f"Topic Classification: {', '.join(LABELS)}."


def sib200_prompts(data: Sib200Data, *, shots: int, seed: int) -> list[str]:
    """One prompt per test item, in file order; each item draws its shots with a seed of its own."""
    seeds = item_seeds(seed, len(data.test))
    return [_prompt(data, text, shots, own) for text, own in zip(data.test["text"], seeds, strict=True)]


def _prompt(data: Sib200Data, text: str, shots: int, seed: int) -> str:
    drawn = data.train.sample(n=shots, random_state=seed)
    lines = [
        f'The topic of the news "{shot}" is {label}'
        for shot, label in zip(drawn["text"], drawn["category"], strict=True)
    ]
    examples = "\n".join(lines)
    return f'{_HEADER}\n\n{examples}\nThe topic of the news "{text}" is\n'
