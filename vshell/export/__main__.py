"""The completion scripts: ``python -m vshell.export [--check | --reference | --json] [DIRECTORY]``.

(nothing)      write vshell.bash, _vshell and vshell.fish into the directory, "completions" by default
--check        write nothing; 1 says that one of them differs
--reference    print the reference of all commands
--json         print the whole registry as JSON
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import vshell.commands  # noqa: F401 (declares them)
from vshell.export import reference, scripts
from vshell.export.tables import tables_of
from vshell.registry.tree import REGISTRY

DIRECTORY = "completions"


def files() -> Mapping[str, str]:
    """Return the scripts by the names of their files."""
    tables = tables_of(REGISTRY)
    return {
        "vshell.bash": scripts.write_bash(tables),
        "_vshell": scripts.write_zsh(tables),
        "vshell.fish": scripts.write_fish(tables),
    }


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code; 2 for arguments that say nothing."""
    options = [word for word in arguments if word.startswith("-")]
    directories = [word for word in arguments if not word.startswith("-")]
    if len(options) > 1 or len(directories) > 1 or not set(options) <= {"--check", "--reference", "--json"}:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    if options in (["--reference"], ["--json"]):
        sys.stdout.write(reference.text(REGISTRY) if options == ["--reference"] else reference.json_text(REGISTRY))
        return 0
    directory = Path(directories[0] if directories else DIRECTORY)
    if options == ["--check"]:
        return _check(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for name, script in files().items():
        (directory / name).write_text(script, encoding="utf-8")
    return 0


def _check(directory: Path) -> int:
    """Return 1 and say which, when a file is not as it would be written."""
    code = 0
    for name, script in files().items():
        path = directory / name
        if not path.is_file() or path.read_text(encoding="utf-8") != script:
            print(f"{path} differs; write it with: python -m vshell.export", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
