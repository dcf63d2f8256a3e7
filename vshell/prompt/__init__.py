"""The prompt: everything that imports prompt_toolkit, and nothing else does.

Completion, colours, the toolbar and the keys are readers of the one Reading that ``vshell.grammar`` makes of a
line; none of them understands a line by itself. Nothing that runs while a key is handled waits for a server.
"""

from vshell.session import Session


def run(session: Session) -> int:
    """Talk with the person until they leave, and return the exit code of the last line that ran."""
    from vshell.prompt.loop import converse  # and with it prompt_toolkit

    return converse(session)
