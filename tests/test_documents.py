"""What the README and CONTRIBUTING name is there: places in the code, topics and commands of help."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.rst").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / ".github/CONTRIBUTING.rst").read_text(encoding="utf-8")
HELP = sorted({" ".join(words.split()) for words in re.findall(r"``(help\s[^`]+)``", README + CONTRIBUTING)})


def mapped() -> list[str]:
    """Return the rooms of the map: the words of a line's first column, all below the first one's folder."""
    text = README.partition("The code, and contributing\n")[2]
    rooms = []
    for line in re.findall(r"(?m)^ {4}(\S.*)$", text):
        first, *others = line.partition("  ")[0].split()
        rooms += [first, *(f"{first.rpartition('/')[0]}/{word}" for word in others)]
    return rooms


def named() -> list[str]:
    """Return the files and folders that CONTRIBUTING names, with a star for what the reader fills in."""
    places = re.findall(r"(?:vshell|server_stub|tests|completions|\.ci|README)[./][\w<>./]*[\w>]/?", CONTRIBUTING)
    modules = {"vshell.export"}
    return sorted({re.sub(r"<\w+>|NNNN", "*", place) for place in places if place not in modules})


@pytest.mark.parametrize("room", mapped())
def test_the_map_shows_what_is_there(room: str) -> None:
    assert (ROOT / room).is_dir() or (ROOT / f"{room}.py").is_file()


@pytest.mark.parametrize("place", named())
def test_what_is_to_be_changed_is_there(place: str) -> None:
    assert list(ROOT.glob(place))


def test_no_room_is_left_out_of_the_map() -> None:
    """Every folder of the two packages that holds modules is on the map, or below one that is."""
    folders = {
        path.parent.relative_to(ROOT)
        for package in ("vshell", "server_stub")
        for path in (ROOT / package).rglob("*.py")
    }
    rooms = {Path(room) for room in mapped()}
    left = {folder for folder in folders if len(folder.parts) > 1 and not rooms & {folder, *folder.parents}}
    assert left - {Path("server_stub/web")} == set()


def test_it_names_enough_to_be_tried() -> None:
    assert len(mapped()) > 20
    assert len(named()) > 30


@pytest.mark.parametrize("line", HELP)
def test_help_shows_what_readers_are_sent_to(line: str) -> None:
    line = line.replace("WORD", "quota")
    command = [sys.executable, "-m", "vshell", *line.split()]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout
