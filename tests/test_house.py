"""The house rules as tests: the rooms and their arrows, sizes, names, one test module for each module.

DESIGN in short: the shell knows syntax and never policy, the server's root is pure, imports point one way.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LARGEST = 500
MODULES = sorted(
    path for package in ("vshell", "server_stub") for path in (ROOT / package).rglob("*.py") if path.stat().st_size
)
DRIVERS = {"apsw": "server_stub.store.engine.sqlite", "psycopg": "server_stub.store.engine.postgres"}
NOT_IN_RULES = (
    *(f"server_stub.{room}" for room in ("store", "operations", "web", "process")),
    *("falcon", "msgspec", "granian", "time", "secrets", "random"),
)
POSIX = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}
LATE = {"prompt_toolkit", "pygments", "requests", "tabulate", "keyring", "platformdirs"}


def name_of(path: Path) -> str:
    """Return the dotted name of a module's file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, top_level_only: bool = False) -> Iterator[str]:
    """Return the dotted names that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(path: Path) -> Iterator[str]:
    """Return what a module imports although it must not."""
    module = name_of(path)
    for imported in imports(path):
        top = imported.split(".")[0]
        if module.startswith("vshell") and top == "server_stub":
            yield f"{imported}: the shell knows no policy"
        if module.startswith("server_stub") and top == "vshell" and not (imported + ".").startswith("vshell.formats."):
            yield f"{imported}: the server knows no shell"
        if module.startswith("vshell.formats") and top not in sys.stdlib_module_names | {"vshell"}:
            yield f"{imported}: formats are the standard library's alone"
        if module.startswith("vshell.formats") and top == "vshell" and not imported.startswith("vshell.formats"):
            yield f"{imported}: formats stand on nothing else of the shell"
        if top in DRIVERS and module != DRIVERS[top]:
            yield f"{imported}: a driver lives in {DRIVERS[top]} alone"
        if top == "prompt_toolkit" and not module.startswith("vshell.prompt"):
            yield f"{imported}: prompt_toolkit lives in vshell/prompt alone"
        if module.startswith("server_stub.domain") and imported.startswith(NOT_IN_RULES):
            yield f"{imported}: a rule knows no SQL, no HTTP, no clock, no randomness"
        if module.startswith("server_stub.store") and imported.startswith(("server_stub.web", "falcon", "granian")):
            yield f"{imported}: the store knows no HTTP"
        if module.startswith("vshell.commands") and imported.startswith(("vshell.prompt", "vshell.language.grammar")):
            yield f"{imported}: a command knows neither the prompt nor the parser"
        if module.startswith("vshell.kinds") and imported.startswith(("vshell.registry.tree", "vshell.session")):
            yield f"{imported}: a kind knows no command"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_arrows_point_one_way(path: Path) -> None:
    assert list(forbidden(path)) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_a_room_not_a_hall(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LARGEST


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module says what it is for"
    bare = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            members = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            bare += [node.name] * (ast.get_docstring(node) is None)
            bare += [f"{node.name}.{item.name}" for item in members if is_bare(item)]
    bare += [item.name for item in tree.body if isinstance(item, ast.FunctionDef) and is_bare(item)]
    assert bare == []


def is_bare(function: ast.FunctionDef) -> bool:
    """Tell whether a public function lacks a docstring."""
    return not function.name.startswith("_") and ast.get_docstring(function) is None


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_module_has_a_test_module(path: Path) -> None:
    inner = path.relative_to(ROOT)
    if inner.stem == "__init__":
        if len(ast.parse(path.read_text(encoding="utf-8")).body) == 1 or len(inner.parts) == 2:
            return  # a docstring alone does nothing
        inner = inner.parent  # the test of a package lies in its folder or beside it
    folder = ROOT / "tests" / inner.parent
    name = f"test_{inner.stem.strip('_')}.py"
    assert (folder / name).is_file() or (folder / inner.stem / name).is_file(), f"tests/{inner.parent}/{name}"


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in MODULES
        if not name_of(path).startswith(("vshell.prompt", "vshell.client.requests_transport", "server_stub"))
    ],
    ids=name_of,
)
def test_what_is_slow_to_import_is_imported_late(path: Path) -> None:
    assert not LATE & {imported.split(".")[0] for imported in imports(path, top_level_only=True)}


def test_a_one_shot_command_imports_neither_prompt_nor_colours() -> None:
    program = (
        "import sys, vshell.__main__ as m\n"
        "m.main(['help', 'apitoken', 'create'])\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted({'prompt_toolkit', 'pygments', 'server_stub', 'keyring'} & loaded))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_top_level_holds_what_is_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0 or not listed.stdout:
        pytest.fail("the rooms are read from git: run the tests in a checkout")
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    agreed = {"pyproject.toml", "vshell", "server_stub", "tests", "completions", "README.rst", "LICENSE"}
    assert {name for name in top if not name.startswith(".")} <= agreed


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path).startswith("vshell")], ids=name_of)
def test_the_shell_can_be_imported_on_windows(path: Path) -> None:
    """What only POSIX has stands behind a look at sys.platform, or in the function that needs it."""
    assert not POSIX.intersection(imports(path, top_level_only=True))
