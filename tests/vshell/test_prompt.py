"""The program itself comes to its prompt."""

import os
import subprocess
import sys
from pathlib import Path

from tests.processes import Server
from tests.terminal import Terminal


def test_importing_the_room_imports_no_prompt_toolkit() -> None:
    program = "import sys, vshell.prompt; print('prompt_toolkit' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_vshell_comes_to_its_prompt_and_leaves(server: Server, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with Terminal([sys.executable, "-m", "vshell", "--data", str(server.data)], environment) as terminal:
        terminal.until("vshell: local-admin> ")
        terminal.enter("apitoken create --owner admin --name here")
        terminal.until("please keep it safe")
        terminal.until("Ctrl-O")
        terminal.enter("apitoken list --owner admin --output ids")
        terminal.until("exit 0")
        terminal.press("ctrl-d")
        assert terminal.wait() == 0
    assert [token["name"] for token in server.call("GET", "/apitokens/").json()] == ["here"]
