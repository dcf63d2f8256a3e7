"""A length of time tells its moment, whatever its kind."""

from datetime import UTC, datetime

import pytest

import vshell.commands
from vshell.language.grammar import parse
from vshell.prompt.time_preview import moment

assert vshell.commands  # imported for the commands that it declares

NOW = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("apitoken create --expiry-date 180D", "180D -> 2027-05-20 14:03 UTC"),
        ("apitoken create --expiry-date 6M", "6M -> 2027-05-20 14:03 UTC"),
        ("apitoken create --expiry-date 6m", "6m -> 2026-11-21 14:09 UTC"),
        ("apitoken create --expiry-date 180D --owner bob", "180D -> 2027-05-20 14:03 UTC"),
        ("apitoken create --expiry-date 180D --auto 1h", "1h -> 2026-11-21 15:03 UTC"),
        ("apitoken create --hard-end 1D", "1D -> 2026-11-22 14:03 UTC"),
        ("apitoken rotate --id L7k8ljIC --grace 1h", "1h -> 2026-11-21 15:03 UTC"),
        ("apitoken list --unused-for 90D", "90D -> 2026-08-23 14:03 UTC"),
        ("vault token-create -ttl=1h30m", "1h30m -> 2026-11-21 15:33 UTC"),
        ("apitoken create --expiry-date 180", ""),
        ("watch 2 ", ""),
        ("watch 5s apitoken list", ""),
        ("watch 5 apitoken list --unused-for 90D", "90D -> 2026-08-23 14:03 UTC"),
        ("apitoken create --name 180D", ""),
        ("", ""),
    ],
)
def test_a_length_means_a_moment(line: str, expected: str) -> None:
    assert moment(parse(line), len(line), NOW) == expected


def test_what_stands_behind_the_cursor_is_not_meant() -> None:
    line = "apitoken create --auto 1h --expiry-date 2D"
    assert moment(parse(line), line.index("1h"), NOW).startswith("1h ->")
