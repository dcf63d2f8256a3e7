"""What results look like, and what a new token leaves behind, at a real terminal on a usual and on a small screen.

Issue "The prompt": "`--columns`, `--sort`, ... built-in filters `| match | except | count | last | save` without a
process ..., `--output json|jsonl|csv|tsv|yaml|ids|markdown`; times local for people, UTC RFC 3339 for machines;
relative times"; "a new token is shown once ..., never in history, title, toolbar, transcript or completion".
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.journeys import people
from tests.journeys.people import Person
from tests.journeys.screens import PROMPT, SIZES, at, fresh, joined, prompted, ran, toolbar
from tests.processes import Server

TOKEN = re.compile(r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}")
MACHINE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def host(server: Server, tmp_path: Path) -> Person:
    """Whoever sits on the server's host, in a zone five hours and a half ahead; there are three tokens."""
    for name, days in (("one", "3D"), ("two", "30D"), ("three", "300D")):
        server.create(owner="root", name=name, expiry_date=days)
    person = people.on_the_host(server, tmp_path / "host")
    person.environment["TZ"] = "Asia/Kolkata"
    return person


@SIZES
def test_each_format_and_the_times_in_it(host: Person, server: Server, size: tuple[int, int]) -> None:
    ends = {token["name"]: token["expiry_date"] for token in server.call("GET", "/apitokens/").json()}
    with at(host, size) as terminal:
        ran(terminal, "set pager never")
        for output in ("json", "jsonl", "csv", "tsv", "yaml", "ids", "markdown", "vertical", "table"):
            line = f"apitoken list --columns name,expiry_date --sort name --output {output} | first 1"
            shown = ran(terminal, line).removesuffix("vshell: local-admin>")
            assert "Traceback" not in shown
            if output == "ids":
                assert re.search(r"\b[0-9A-Za-z]{8}\b", shown)
                continue
            assert "one" in shown.rpartition("first 1")[2]
            if output in ("table", "vertical", "markdown"):
                assert not MACHINE_TIME.search("".join(shown.split())), output
            else:
                assert MACHINE_TIME.search("".join(shown.split())), output
        host.run("-c", "apitoken list --output json > list.json", "-c", "apitoken list --output yaml > list.yaml")
        written = json.loads((host.home / "list.json").read_text())
        assert {row["name"]: row["expiry_date"] for row in written} == ends
        assert len(yaml.safe_load((host.home / "list.yaml").read_text())) == 3
        assert "in 2 days" in ran(terminal, "apitoken list --columns name,expiry_date --times relative | match one")


@SIZES
def test_filters_take_and_leave_rows_without_a_process(host: Person, size: tuple[int, int]) -> None:
    host.environment["PATH"] = "/nowhere"
    with at(host, size) as terminal:
        listed = "apitoken list --columns name --sort name --output csv"
        for filters, names in (
            ("| match t", ["three", "two"]),
            ("| except two", ["one", "three"]),
            ("| last 1", ["two"]),
            ("| first 2 | last 1", ["three"]),
        ):
            ran(terminal, f"{listed} {filters}")
            lines = terminal.text.split("\n")
            assert lines[lines.index("name") + 1 :][: len(names) + 1] == [*names, "vshell: local-admin>"]
        assert " 3 vshell" in ran(terminal, "apitoken list | count")
        ran(terminal, f"{listed} | save names.csv")
        assert (host.home / "names.csv").read_text().split() == ["name", "one", "three", "two"]


@SIZES
def test_a_new_token_stays_nowhere(host: Person, server: Server, size: tuple[int, int]) -> None:
    with at(host, size) as terminal:
        ran(terminal, "set title on")
        prompted(terminal).enter("apitoken create --owner root --name fresh")
        terminal.until(lambda here: TOKEN.search(joined(here).replace(" ", "")))
        terminal.until(lambda here: "Ctrl-O" in toolbar(here))
        match = TOKEN.search(joined(terminal).replace(" ", ""))
        assert match
        secret = match[0][9:]
        ran(terminal, "history")
        for typed in ("apitoken verify ", "apitoken show --id ", "apitoken list --name fr"):
            prompted(terminal).send(typed)
            terminal.until(lambda here, typed=typed: "".join(typed.split()) in "".join(joined(here).split()))
            terminal.send(f"{secret[:4]}?")
            terminal.until(lambda here: secret[:4] in joined(here))
            fresh(terminal)
        assert secret not in joined(terminal)
        assert secret not in terminal.screen.title + toolbar(terminal)
        prompted(terminal).press("up")
        terminal.until(lambda here: here.line != PROMPT)
        fresh(terminal).press("ctrl-d")
        terminal.wait()
    assert terminal.written.decode(errors="replace").count(secret) <= 1
    kept = [path for path in host.home.rglob("*") if path.is_file()]
    assert kept
    assert not any(secret.encode() in path.read_bytes() for path in kept)
