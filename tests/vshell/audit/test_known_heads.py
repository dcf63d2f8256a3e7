"""What a shell has seen of a chain: kept privately, and a later head must extend it."""

from pathlib import Path

import pytest

from vshell.audit.known_heads import Head, Heads, require_extended
from vshell.audit.verification import Tampered

SEEN = Head("aa", 7, "7" * 64, ("one",))
URL = "https://vms.example"


def test_a_head_is_found_by_its_chain_and_by_its_server(tmp_path: Path) -> None:
    heads = Heads(tmp_path / "audit.json")
    assert heads.of("aa") is None
    assert heads.at(URL) is None
    heads.keep(SEEN, URL)
    heads.keep(Head("bb", 1, "1" * 64), "/data/local-admin.token")
    assert (heads.of("aa"), heads.at(URL), heads.at("http://other")) == (SEEN, SEEN, None)
    assert heads.of("bb") == Head("bb", 1, "1" * 64)
    assert (tmp_path / "audit.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"chains": []}', '{"chains": {"aa": 1}}', '{"chains":{"aa":{"seq":1}}}']
)
def test_a_broken_file_is_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "audit.json"
    path.touch(0o600)
    path.write_text(content)
    assert Heads(path).of("aa") is None
    Heads(path).keep(SEEN, URL)
    assert Heads(path).of("aa") == SEEN


@pytest.mark.parametrize("now", [SEEN, Head("aa", 9, "9" * 64, ("one", "two"))])
def test_what_extends_it_is_fine(now: Head) -> None:
    require_extended(SEEN, now, SEEN.hash, URL)


@pytest.mark.parametrize(
    ("now", "seen_hash", "said"),
    [
        (Head("bb", 9, "9" * 64, ("one",)), SEEN.hash, "another one than this shell has seen"),
        (Head("aa", 6, "6" * 64, ("one",)), None, "was cut: it ends at record 6"),
        (Head("aa", 9, "9" * 64, ("one",)), "8" * 64, "was rewritten: its record 7"),
        (Head("aa", 9, "9" * 64, ("one",)), None, "was rewritten"),
        (Head("aa", 7, "9" * 64, ("one",)), SEEN.hash, "was rewritten: its record 7"),
        (Head("aa", 9, "9" * 64, ("two",)), SEEN.hash, "A key that signed"),
    ],
)
def test_what_does_not_is_refused(now: Head, seen_hash: str | None, said: str) -> None:
    with pytest.raises(Tampered, match=said) as caught:
        require_extended(SEEN, now, seen_hash, URL)
    assert caught.value.hint is not None
    assert "audit head --accept" in caught.value.hint
