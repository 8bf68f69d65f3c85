"""Prints the Python packages that this interpreter sees, as lines NAME==VERSION."""

from importlib.metadata import distributions

found = {d.metadata["Name"]: d.version for d in reversed(list(distributions())) if d.metadata["Name"]}
print("\n".join(f"{name}=={found[name]}" for name in sorted(found, key=str.lower)))
