"""What roles and realms have alike: they are found by number and name, and only by who may see them."""

import pytest

from tests.server_stub.conftest import Person, Service

NOUNS = {"role": {"name": "ops"}, "realm": {"name": "ops", "object_types": ["alarm"]}}


@pytest.mark.parametrize("noun", NOUNS)
def test_what_has_a_number_and_a_name_is_found_by_both(site: Service, alice: Person, rita: Person, noun: str) -> None:
    made = alice.post(f"/{noun}s/", **NOUNS[noun])
    assert rita.get(f"/{noun}s/{made['id']}/") == made
    assert rita.get(f"/{noun}s/", name="OPS") == [made]
    assert rita.get(f"/{noun}s/", prefix="op") == [made]
    assert made in rita.get(f"/{noun}s/")
    assert f"a {noun} named ops already" in alice.refused(409, "POST", f"/{noun}s/", NOUNS[noun])


@pytest.mark.parametrize("noun", NOUNS)
def test_nobody_learns_what_is_there_before_it_is_sure_that_they_may(alice: Person, nora: Person, noun: str) -> None:
    assert f"no {noun} with the id 999" in alice.refused(404, "GET", f"/{noun}s/999/")
    for path in (f"/{noun}s/999/", f"/{noun}s/1/", f"/{noun}s/"):
        assert "view_security" in nora.refused(403, "GET", path)
