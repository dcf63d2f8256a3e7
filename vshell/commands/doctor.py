"""doctor: what is wrong with this shell, its server and what lies between, and what to do about it."""

import os

from vshell.errors import Failed
from vshell.registry.tree import command
from vshell.registry.view import Alarming, Column, View, columns
from vshell.session import Session

FOUND = View(columns("check", "state", "finding", Column("next_step", "Next step")), layout="findings")


@command("doctor", view=FOUND, examples=("doctor", "doctor --output json"))
def doctor(session: Session, /) -> object:
    """Look whether all is well: files, server, encryption, clock, credential, keyring.

    Each line is ok, a warning, or wrong, with what to do next. When something is wrong the exit code is
    1. Nothing is changed, and nothing that does not answer is waited for longer than a few seconds.
    """
    from vshell.commands._checks import diagnose

    found = [finding._asdict() for finding in diagnose(session.client, os.environ)]
    wrong = sum(finding["state"] == "wrong" for finding in found)
    if not wrong:
        return found
    things = "1 thing is" if wrong == 1 else f"{wrong} things are"
    return Alarming(found, Failed(f"{things} wrong.", "What to do stands with each."))
