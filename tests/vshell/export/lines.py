"""What Tab must offer in every outer shell: the same lines for bash, zsh and fish, and a home with known names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vshell.completion import name_files

ROOT = Path(__file__).parents[3]
URL = "http://127.0.0.1:8443"
UUID = "0d6b2f0e-0000-4000-8000-000000000001"

COLUMNS = "id name owner expiry_date last_used revoked revocation_time"

OFFERS: tuple[tuple[str, str], ...] = (
    ("vshell ap", "api apitoken"),
    ("vshell apitoken re", "renew revoke"),
    ("vshell user cre", "create"),
    ("vshell vault lo", "login"),
    ("vshell vault token re", "renew revoke"),
    ("vshell admin user token -u bob --a", "--auto"),
    ("vshell man li --out", "--output"),
    ("vshell nonsense ", ""),
    # What stands before a command, and the user's own words for one.
    ("vshell wat", "watch"),
    ("vshell watch ", "2s 5s 30s 1m"),
    ("vshell watch --c", "--count"),
    ("vshell watch 5s --count 3 --c", ""),
    ("vshell watch --count 3 5s apitoken li", "list"),
    ("vshell min", "mine"),
    ("vshell watch 5s min", "mine"),
    ("vshell mine --pare", "--parent"),
    ("vshell --local watch 5s mine --output js", "json jsonl"),
    ("vshell mine --parent ", "428BFekp"),
    ("vshell --local minister ", ""),
    # Options: those still allowed, one of those that exclude each other.
    ("vshell apitoken create --n", "--name --num-uses"),
    ("vshell apitoken create --name x --n", "--num-uses"),
    (
        "vshell apitoken revoke --id 428BFekp --",
        "--orphan-children --output --columns --sort --filter --times --yes --dry-run --token --dc",
    ),
    ("vshell apitoken create --meta a=b --me", "--meta"),
    ("vshell node show ", "--uuid --path --output --columns --sort --filter --times --token --dc"),
    # Values.
    ("vshell apitoken list --output js", "json jsonl"),
    ("vshell apitoken list --owner e --output ", "table vertical json jsonl csv tsv yaml markdown ids"),
    ("vshell apitoken list --columns id,own", "id,owner"),
    ("vshell apitoken create --expiry-date 3", "30D"),
    ("vshell login --store ", "keyring file none"),
    ("vshell api P", "POST PUT PATCH"),
    ("vshell help apitoken cred", "credentials"),
    ("vshell manager create --password ", ""),
    # Live ones.
    ("vshell apitoken show --id 4", "428BFekp 428BFekq"),
    ("vshell apitoken list --owner bob --parent ", "428BFekp"),
    ("vshell apitoken create --owner ", "bob eve"),
    ("vshell manager create --roles read_only,", "read_only,writers"),
    ("vshell --server nowhere apitoken create --owner ", ""),
    ("vshell server use ", "lab prod"),
    # Flags.
    ("vshell --da", "--data"),
    ("vshell --server l", "lab"),
    ("vshell --output c", "csv"),
    ("vshell --server=prod -u b", ""),
    ("vshell -u b", "bob"),
    ("vshell -f scr", "script.vsh"),
    ("vshell source scr", "script.vsh"),
)

WITH_COLONS: tuple[tuple[str, str], ...] = (
    ("vshell token:", "token:generate token:list token:revoke"),
    ("vshell token:g", "token:generate"),
    ("vshell watch 5s token:l", "token:list"),
    ("vshell token:generate --cu", "--current"),
)
"""Words with a colon, of which bash parts what is offered."""

AFTER_EQUALS: tuple[tuple[str, str], ...] = (
    ("vshell apitoken list --output=", "table vertical json jsonl csv tsv yaml markdown ids"),
    ("vshell apitoken list --output=js", "json jsonl"),
    ("vshell apitoken create --owner=b", "bob"),
    ("vshell --output=c", "csv"),
)
"""What stands behind the equals sign."""


HOSTILE = "x$(touch pwned)`touch pwned`;touch pwned;\\ *~'\"<>|&!#"
"""A name that a server may hold, and that no shell may run a part of."""


def make_home(home: Path) -> dict[str, str]:
    """Fill HOME, which the tests already own, with names and a program ``vshell``; return the environment."""
    name_files.write_pointer({}, URL)
    name_files.write_pointer({"--server": "lab"}, URL)
    managers = [{"username": "bob", "id": 4, "full_name": "Bob Smith"}, {"username": "eve", "id": 5}]
    tokens = [
        {"id": "428BFekp", "name": "backup", "owner": "bob"},
        {"id": "428BFekq", "name": "it's", "owner": "eve"},
        {"id": "528BFekr", "name": HOSTILE, "owner": "mallory"},
    ]
    name_files.write_names(URL, "managers", managers)
    name_files.write_names(URL, "apitokens", tokens)
    name_files.write_names(URL, "roles", [{"name": "read_only", "id": 1}, {"name": "writers", "id": 2}])
    name_files.write_names(URL, "nodes", [{"uuid": UUID, "path": "/projects/x"}])
    settings = home / ".config/vshell/settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('[server.lab]\nurl = "https://lab"\n[server.prod]\nurl = "https://prod"\n')
    with settings.open("a") as file:
        file.write("[alias]\nmine = \"apitoken list --owner 'bob'\"\n")
    (home / "script.vsh").touch()
    program = home / "bin/vshell"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vshell "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    return {"HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "TERM": "xterm-256color"}
