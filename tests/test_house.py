"""The house rules, one test a rule: rooms and their order, sizes, words, docstrings, tests beside modules.

The order of the rooms stands in ``tests/house.py``, whose program prints the figures of the house.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.house import (
    ROOT,
    code_lines,
    import_circles,
    imported_names,
    module_name,
    module_paths,
    syntax_tree,
    upward_imports,
)
from vshell.registry.tree import REGISTRY

MODULES = {module_name(path): path for path in module_paths() if path.stat().st_size}
MOST_CODE_LINES, MOST_LINES = 400, 500
LONGEST_SUMMARY = 100
DRIVERS = {"apsw": "server_stub.store.engine.sqlite", "psycopg": "server_stub.store.engine.postgres"}
NOT_IN_RULES = ("falcon", "msgspec", "granian", "time", "secrets", "random")
PARSING = ("vshell.language.grammar", "vshell.language.parser", "vshell.language.lexer")
NOT_IN_STORE = ("falcon", "granian")
POSIX = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}
LATE = {"prompt_toolkit", "pygments", "requests", "tabulate", "keyring", "platformdirs", "tomlkit", "yaml"}
EAGER = ("vshell.prompt", "vshell.client.requests_transport", "server_stub")
"""Where what is slow to import may stand at the top."""

RETIRED = {
    "look": "request, context or layout",
    "wish": "request or options",
    "wishes": "options",
    "kept": "stored",
    "told": "message, noted or given",
    "manners": "dialect",
    "doors": "dialect or routes",
    "moment": "time or timestamp",
    "moments": "times or timestamps",
    "judging": "parser or messages",
    "doubts": "line errors",
    "twin": "worker client",
    "wires": "transport",
    "lent": "acting as",
    "lending": "act as",
    "retell": "render",
}
"""Words that names in both packages no longer use, and the field's words for them."""

PERSONIFIED = re.compile(r"\b(somebody|(is|are) told|remembers|wants|believes|forgets)\b", re.IGNORECASE)
"""What a person does and code does not."""

PARTICIPLES = re.compile(
    "([a-z]+ed|begun|bound|chosen|cut|done|drawn|fed|found|given|gone|grown|held|hidden|kept|known|laid|led|left|lent"
    "|lost|made|meant|met|paid|parted|put|said|seen|sent|shown|sold|spent|spoken|sworn|taken|told|understood|worn|written)"
)
"""Function names that say what was done instead of what to do."""


def require_none(offenders: Iterable[str]) -> None:
    """Fail with the whole list when there is an offender."""
    found = list(offenders)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def require_of_each(rule: Callable[[str, Path], Iterator[str]]) -> None:
    """Fail with all that a rule finds in the modules."""
    require_none(f"{name}: {found}" for name, path in MODULES.items() for found in rule(name, path))


def test_imports_point_one_way() -> None:
    require_none(upward_imports())


def test_nothing_is_imported_in_a_circle() -> None:
    require_none(" ".join(circle) for circle in import_circles())


def test_a_library_stays_in_its_room() -> None:
    def misplaced(module: str, path: Path) -> Iterator[str]:
        for imported in imported_names(path):
            top = imported.split(".")[0]
            if top in DRIVERS and module != DRIVERS[top]:
                yield f"{imported}: a driver lives in {DRIVERS[top]} alone"
            if top == "prompt_toolkit" and not module.startswith("vshell.prompt"):
                yield f"{imported}: prompt_toolkit lives in vshell/prompt alone"
            if module.startswith("vshell.commands") and imported.startswith(PARSING):
                yield f"{imported}: a command is handed values and parses no line"
            if module.startswith("server_stub.domain") and top in NOT_IN_RULES:
                yield f"{imported}: a rule holds no HTTP, no clock, no randomness"
            if module.startswith("server_stub.store") and top in NOT_IN_STORE:
                yield f"{imported}: the store holds no HTTP"
            if module.startswith("vshell.formats") and top not in sys.stdlib_module_names | {"vshell"}:
                yield f"{imported}: formats need the standard library alone"

    require_of_each(misplaced)


def test_a_module_has_one_idea() -> None:
    def oversized(module: str, path: Path) -> Iterator[str]:
        if code_lines(path) > MOST_CODE_LINES:
            yield f"{code_lines(path)} code lines, more than {MOST_CODE_LINES}"
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            yield f"{lines} lines, more than {MOST_LINES}"

    require_of_each(oversized)


def test_what_is_public_has_a_docstring() -> None:
    def undocumented(module: str, path: Path) -> Iterator[str]:
        tree = syntax_tree(path)
        if not ast.get_docstring(tree):
            yield "the module"
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                if ast.get_docstring(node) is None:
                    yield node.name
                yield from (f"{node.name}.{item.name}" for item in node.body if is_bare(item))
        yield from (item.name for item in tree.body if is_bare(item))

    def is_bare(item: ast.stmt) -> bool:
        return isinstance(item, ast.FunctionDef) and item.name[0] != "_" and ast.get_docstring(item) is None

    require_of_each(undocumented)


def test_a_module_says_in_one_line_what_it_holds() -> None:
    def unsummarised(module: str, path: Path) -> Iterator[str]:
        first = (ast.get_docstring(syntax_tree(path)) or "").partition("\n")[0]
        if len(first) > LONGEST_SUMMARY or not first.endswith((".", ":")):
            yield f"{len(first)} characters: {first}"

    require_of_each(unsummarised)


def test_names_use_the_words_of_the_field() -> None:
    def retired(module: str, path: Path) -> Iterator[str]:
        names = set(re.split(r"[._]", module))
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
            if token.type == tokenize.NAME:
                names.update(re.findall(r"[a-z]+", re.sub("([A-Z])", r"_\1", token.string).lower()))
        for word in sorted(names & set(RETIRED)):
            yield f"'{word}' is retired: {RETIRED[word]}"

    require_of_each(retired)


def test_what_is_written_about_code_makes_no_person_of_it() -> None:
    def personified(module: str, path: Path) -> Iterator[str]:
        if module.startswith("vshell.commands."):
            return  # their docstrings are the help, which speaks to people about people
        texts = [
            token.string
            for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
            if token.type == tokenize.COMMENT
        ]
        defined = (ast.Module, ast.ClassDef, ast.FunctionDef)
        texts += [ast.get_docstring(node) or "" for node in ast.walk(syntax_tree(path)) if isinstance(node, defined)]
        for match in PERSONIFIED.finditer("\n".join(texts)):
            yield f"'{match[0]}' in a comment or docstring: say what happens"

    require_of_each(personified)


def test_a_function_is_named_by_a_verb() -> None:
    def participles(module: str, path: Path) -> Iterator[str]:
        for node in ast.walk(syntax_tree(path)):
            if isinstance(node, ast.FunctionDef) and PARTICIPLES.fullmatch(bare := node.name.strip("_")):
                is_property = any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
                if not is_property:
                    yield f"{node.name}: say what it does (verb and object), or is_{bare} for a truth"

    require_of_each(participles)


def test_a_pointer_leads_somewhere() -> None:
    """What a text says to see, ``expiry`` or ``issuing.issue``, is the name of a module or of a definition."""
    names = {part for module in MODULES for part in module.split(".")}
    for path in MODULES.values():
        for node in ast.walk(syntax_tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.Name):
                names.add(node.id)

    def lost(module: str, path: Path) -> Iterator[str]:
        for pointer in re.findall(r"\bsee `+([\w.]+)`", path.read_text(encoding="utf-8")):
            if not set(pointer.split(".")) <= names:
                yield f"see {pointer}: there is no such module or definition"

    require_of_each(lost)


def test_each_module_has_a_test_module() -> None:
    def untested(module: str, path: Path) -> Iterator[str]:
        inner = path.relative_to(ROOT)
        if inner.stem == "__init__":
            if len(syntax_tree(path).body) == 1 or len(inner.parts) == 2:
                return  # a docstring alone does nothing
            inner = inner.parent  # the test of a package lies in its folder or beside it
        folder = ROOT / "tests" / inner.parent
        name = f"test_{inner.stem.strip('_')}.py"
        if not ((folder / name).is_file() or (folder / inner.stem / name).is_file()):
            yield f"tests/{inner.parent}/{name} is missing"

    require_of_each(untested)


def test_each_command_is_tried_by_a_test_of_its_own_behaviour() -> None:
    """Its examples run anyway; somewhere a test types it and says what should come of it."""
    typed = set()
    for path in [*(ROOT / "tests/vshell").rglob("*.py"), *(ROOT / "tests/journeys").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Call, ast.Tuple, ast.List, ast.JoinedStr)):  # not a docstring
                typed.update(
                    child.value
                    for child in ast.iter_child_nodes(node)
                    if isinstance(child, ast.Constant) and isinstance(child.value, str)
                )
    text = "\n".join(typed)
    missing = [
        f"{command.name}: type it in a test in tests/vshell/commands or tests/journeys"
        for command in REGISTRY
        if not re.search(rf"\b{re.escape(command.name)}\b", text)
    ]
    require_none(missing)


def test_what_is_slow_to_import_is_imported_late() -> None:
    def eager(module: str, path: Path) -> Iterator[str]:
        if not module.startswith(EAGER):
            yield from LATE & {imported.split(".")[0] for imported in imported_names(path, top_level_only=True)}

    require_of_each(eager)


def test_a_one_shot_command_imports_neither_prompt_nor_colours() -> None:
    program = (
        "import sys, vshell.__main__ as m\n"
        "m.main(['help', 'apitoken', 'create'])\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted({'prompt_toolkit', 'pygments', 'server_stub', 'keyring'} & loaded))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_shell_can_be_imported_on_windows() -> None:
    """What only POSIX has stands behind a test of sys.platform, or in the function that needs it."""

    def posix_only(module: str, path: Path) -> Iterator[str]:
        if module.startswith("vshell"):
            yield from POSIX.intersection(imported_names(path, top_level_only=True))

    require_of_each(posix_only)


def test_the_top_level_holds_what_is_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0 or not listed.stdout:
        pytest.fail("the rooms are read from git: run the tests in a checkout")
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    agreed = {"pyproject.toml", "vshell", "server_stub", "tests", "completions", "README.rst", "LICENSE"}
    assert {name for name in top if not name.startswith(".")} <= agreed
