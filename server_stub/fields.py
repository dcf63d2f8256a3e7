"""Values as they come in from outside, checked by type and bounds.

JSON's true is no number here and "5" is no 5: a value of the wrong type is refused, never converted. Each
function returns the value with its type, or raises Invalid with the field's name in the sentence.
"""

from server_stub.errors import Invalid


def whole(name: str, value: object, minimum: int, maximum: int) -> int:
    """Return a whole number within bounds, both included; raises Invalid."""
    if type(value) is not int or not minimum <= value <= maximum:
        raise Invalid(f"{name} must be a whole number from {minimum} to {maximum}")
    return value


def switch(name: str, value: object) -> bool:
    """Return true or false; raises Invalid."""
    if type(value) is not bool:
        raise Invalid(f"{name} must be true or false")
    return value


def string(name: str, value: object) -> str:
    """Return a text; raises Invalid."""
    if type(value) is not str:
        raise Invalid(f"{name} must be a text")
    return value


def printable(name: str, value: object, *, longest: int, shortest: int = 1) -> str:
    """Return one line of printable characters with no space at either end; raises Invalid.

    Printable is what Python's str.isprintable says: no control, format, private or unassigned character and
    no space but the plain one. So nothing in it can steer a terminal, hide, or turn the direction of a line.
    """
    text = string(name, value)
    if not shortest <= len(text) <= longest:
        raise Invalid(f"{name} must have {shortest} to {longest} characters, not {len(text)}")
    if not text.isprintable():
        raise Invalid(f"{name} holds a character that cannot be printed", "Use visible characters only.")
    if text != text.strip():
        raise Invalid(f"{name} begins or ends with a space")
    return text
