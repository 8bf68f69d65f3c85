"""The one exception for input that a user can mend."""

EXIT_BAD_INPUT = 2


class InputError(Exception):
    """Bad spec or input file. Its message: where, what is wrong with the value shown, what is allowed."""
