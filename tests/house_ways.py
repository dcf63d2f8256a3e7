"""The modules of both packages that a typed line enters, counted in one process without a socket.

A module counts when one of its functions is called between the typed line and the printed answer, in any thread. Each
line is run twice and counted the second time, so that what is done once at the start is not counted.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from tests.house import PACKAGES, ROOT, module_name
from tests.server_stub.conftest import PASSWORD, serving
from tests.vshell.commands.conftest import Shell, holding
from vshell.state.identity import Credential

WAYS = (
    "apitoken create --expiry-date 180D",
    "apitoken list --filter 'owner=bob expiry_date<200D'",
    "apitoken revoke --prefix apitokens/ --yes",
)
"""The lines that are counted: one that makes a row, one that reads rows, one that changes many."""


class CallRecorder:
    """Records the files whose functions are called, in every thread that starts after ``install``."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.active = False

    def install(self) -> None:
        """Begin to watch new threads and this one; nothing is recorded until ``active`` is set."""
        threading.setprofile(self._record)
        sys.setprofile(self._record)

    def uninstall(self) -> None:
        """Stop watching."""
        threading.setprofile(None)
        sys.setprofile(None)

    def _record(self, frame: FrameType, event: str, argument: Any) -> None:
        if self.active and event == "call" and frame.f_code.co_name != "<module>":
            self.files.add(frame.f_code.co_filename)


def entered_modules(line: str) -> list[str]:
    """Run a line against a real server on SQLite and return the names of the modules that it entered."""
    recorder = CallRecorder()
    recorder.install()
    try:
        with TemporaryDirectory() as folder, serving(f"{folder}/vshell.db") as service:
            service.manager("bob", password=PASSWORD)
            pair = service.nobody.post("/token/", username="bob", password=PASSWORD)
            bob = Shell(service, Credential("the test", "bob", token=pair["access"], refresh=pair["refresh"]))
            local = Shell(service, holding(service.local))
            shell = local if "--prefix" in line else bob
            for _ in range(2):
                bob.type("apitoken create --expiry-date 30D")
                recorder.files.clear()
                recorder.active = True
                shell.type(line)
                recorder.active = False
    finally:
        recorder.uninstall()
    folders = tuple(str(ROOT / package) + "/" for package in PACKAGES)
    return sorted(module_name(Path(file)) for file in recorder.files if file.startswith(folders))
