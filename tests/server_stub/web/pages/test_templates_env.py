"""Templates: what a stranger wrote stays text, and cannot turn the line that it stands in."""

import re

import pytest

from server_stub.domain.base.errors import NotFound
from server_stub.web.pages import dialect, templates_env
from tests.server_stub.conftest import Service
from tests.server_stub.web.pages.conftest import stranger

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;",
    "</title><script>",
]
UNSEEN = ["\u202e", "\u2066", "\x1b[31m", "\x07", "\u200b", "\ufeff", "\x00", "\n", "\u2028"]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_stranger_wrote_stays_text(name: str) -> None:
    html = templates_env.render("problem.html", refusal=NotFound(name, name)).decode()
    assert "<script" not in html
    assert "<img" not in html
    assert "49" not in html
    assert html.count("<") == templates_env.render("problem.html", refusal=NotFound("x", "x")).decode().count("<")


@pytest.mark.parametrize("character", UNSEEN)
def test_what_cannot_be_seen_is_written_out(character: str) -> None:
    html = templates_env.render("problem.html", refusal=NotFound(f"a{character}b")).decode()
    plain = templates_env.render("problem.html", refusal=NotFound("ab")).decode()
    assert html.count(character) == plain.count(character)
    assert "A\\" in html


def test_a_value_that_is_missing_is_a_defect_not_a_gap() -> None:
    with pytest.raises(Exception, match="undefined"):
        templates_env.render("token.html")


@pytest.mark.parametrize(
    ("text", "said"), [("the form is old", "The form is old."), ("Sign in.", "Sign in."), ("why?", "Why?"), ("", ".")]
)
def test_a_refusal_is_a_sentence_of_its_own(text: str, said: str) -> None:
    assert templates_env.sentence(text) == said


def test_a_moment_is_shown_to_the_minute() -> None:
    assert templates_env.minute("2026-11-21T22:00:59.123456Z") == "2026-11-21 22:00"


def test_one_is_sent_on_without_a_page() -> None:
    answer = templates_env.see("/", "a=b")
    assert (answer.status, answer.headers["Location"], answer.content, answer.cookies) == (303, "/", b"", ("a=b",))


def test_they_are_served_as_what_they_are(panel: Service) -> None:
    style = stranger(panel).get("/pages/style.css")
    assert (style.status, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert style.html.encode() == dialect.STYLE
    picture = stranger(panel).get("/pages/picture.svg")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/svg+xml")


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs() -> None:
    for template in templates_env.FOLDER.iterdir():
        text = template.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]|@import|<script|\son\w+=|style=|javascript:", text), template.name


def test_every_form_of_a_template_that_changes_something_holds_the_key() -> None:
    for template in templates_env.FOLDER.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        posts = len(re.findall('method="post"', text))
        assert text.count('name="form_key"') == posts, template.name
