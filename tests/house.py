"""The order of the rooms, and what is measured of the house: ``python -m tests.house`` prints it.

A room is a folder of a package, or one module beside the rooms. A module may import from its own room and from the
rooms that stand before it in the list, never from one behind it. Imports inside functions and those for annotations
alone count like all others.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent

SHELL = (
    "vshell.formats",  # token strings, durations, user names, safe text
    "vshell.errors",  # sentences with a next step, exit codes
    "vshell.terminal",  # widths, questions, progress, signals
    "vshell.kinds",  # kinds of argument
    "vshell.registry",  # what a command declares
    "vshell.language",  # from a typed line to a parsed one
    "vshell.output",  # formats of results
    "vshell.help",  # the manual
    "vshell.state",  # what this shell keeps: servers, settings, credentials, history
    "vshell.client",  # HTTP
    "vshell.audit",  # the chain as an outsider reads it
    "vshell.completion",  # live names
    "vshell.session",  # what a command is handed
    "vshell.run",  # running a line, a script, several at once
    "vshell.commands",  # one module for each noun
    "vshell.prompt",  # all that imports prompt_toolkit
    "vshell.export",  # completions of other shells, the reference
    "vshell.__main__",
)
SERVER = (
    "vshell.formats",  # the one room that both packages may import
    "server_stub.domain.base",  # durations, times, fields, errors
    "server_stub.files",  # private files
    "server_stub.locks",  # the lock on a data directory
    "server_stub.domain",  # the rules: accounts, tokens, devices, audit, access
    "server_stub.store.engine",  # connection, writer, drivers, migrations
    "server_stub.store",  # SQL by noun
    "server_stub.operations",  # what several front doors do alike
    "server_stub.web.http",  # requests and answers without any noun
    "server_stub.web.native",  # a front door each: native, Vault, OAuth, pages, the gateway's question
    "server_stub.web.vault",
    "server_stub.web.oauth",
    "server_stub.web.pages",
    "server_stub.web.gate",
    "server_stub.web.routes",  # the list of all routes
    "server_stub.process",  # start, workers, certificates, signing, audit sinks, stop
    "server_stub.__main__",
)
PACKAGES = ("vshell", "server_stub")


def module_paths() -> list[Path]:
    """Return the files of all modules of both packages."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def module_name(path: Path) -> str:
    """Return the dotted name of a module's file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def syntax_tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_names(path: Path, *, top_level_only: bool = False) -> Iterator[str]:
    """Yield the dotted names that a module imports: of ``from a import b`` both ``a`` and ``a.b``."""
    tree = syntax_tree(path)
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def import_graph() -> Mapping[str, frozenset[str]]:
    """Return for each module the modules of the two packages that it imports."""
    names = {module_name(path) for path in module_paths()}
    graph: dict[str, frozenset[str]] = {}
    for path in module_paths():
        found = set()
        for node in ast.walk(syntax_tree(path)):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.update(
                    full if (full := f"{node.module}.{alias.name}") in names else node.module for alias in node.names
                )
        graph[module_name(path)] = frozenset((found & names) - {module_name(path)})
    return graph


def room_of(module: str) -> str | None:
    """Return the room of a module, None for the two packages themselves."""
    fitting = [room for room in (*SHELL, *SERVER) if module == room or module.startswith(room + ".")]
    return max(fitting, key=len, default=None)


def upward_imports() -> list[str]:
    """Return the imports that lead into a room that stands later in the list, or into the other package."""
    found = []
    for module, imported in import_graph().items():
        order = SHELL if module.startswith("vshell") else SERVER
        room = room_of(module)
        for name in sorted(imported):
            there = room_of(name)
            if room is None or there is None or room == there:
                continue
            if there not in order:
                found.append(f"{module} imports {name}: of the other package only vshell.formats")
            elif order.index(there) > order.index(room):
                found.append(f"{module} imports {name}: {there} stands above {room}")
    return found


def import_circles() -> list[list[str]]:
    """Return the groups of modules that import each other in a circle (Tarjan's strongly connected components)."""
    graph = import_graph()
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    circles = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for name in graph[module]:
            if name not in index:
                visit(name)
                low[module] = min(low[module], low[name])
            elif name in stack:
                low[module] = min(low[module], index[name])
        if low[module] == index[module]:
            group = [stack.pop()]
            while group[-1] != module:
                group.append(stack.pop())
            if len(group) > 1:
                circles.append(sorted(group))

    for module in graph:
        if module not in index:
            visit(module)
    return sorted(circles)


def level_count(package: str, *, of_rooms: bool = False) -> int:
    """Return how many modules, or rooms, the longest chain of imports has; a circle of modules counts as one."""
    grouped = {module: min(circle) for circle in import_circles() for module in circle}
    edges: dict[str, set[str]] = defaultdict(set)
    for module, imported in import_graph().items():
        for name in (module, *imported):
            here, there = (str(room_of(end)) if of_rooms else grouped.get(end, end) for end in (module, name))
            if module.startswith(package) and name.startswith(package) and here != there:
                edges[here].add(there)
    depths: dict[str, int] = {}

    def depth(module: str) -> int:
        if module not in depths:
            depths[module] = 1 + max((depth(name) for name in edges[module]), default=0)
        return depths[module]

    return max(depth(module) for module in list(edges))


def code_lines(path: Path) -> int:
    """Return how many lines of a file hold code: no blank ones, no comments, no docstrings."""
    docstrings: set[int] = set()
    for node in ast.walk(syntax_tree(path)):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                docstrings.update(range(child.lineno, (child.end_lineno or 0) + 1))
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type not in skipped:
            held.update(range(token.start[0], token.end[0] + 1))
    return len(held - docstrings)


def main() -> None:
    """Print the figures of the house, and which modules three lines enter on their way to the row and back."""
    from tests.house_ways import WAYS, entered_modules

    for package in PACKAGES:
        paths = [path for path in module_paths() if module_name(path).startswith(package)]
        rooms = {room_of(module_name(path)) for path in paths} - {None}
        lines = sum(map(code_lines, paths))
        of_rooms = "?" if upward_imports() else level_count(package, of_rooms=True)
        levels = f"{level_count(package)} levels of modules, {of_rooms} of rooms"
        print(f"{package}: {len(paths)} modules, {len(rooms)} rooms, {levels}, {lines} code lines")
    print(f"imports upwards: {len(upward_imports())}", *upward_imports(), sep="\n  ")
    print(f"circles: {len(import_circles())}", *(" ".join(circle) for circle in import_circles()), sep="\n  ")
    for line in WAYS:
        modules = entered_modules(line)
        print(f"{line}: {len(modules)} modules", *modules, sep="\n  ")


if __name__ == "__main__":
    main()
