"""The style and the picture: served to everybody, asking nothing of anybody else."""

import re

from server_stub.web.pages import static, templates_env
from tests.server_stub.conftest import Service
from tests.server_stub.web.pages.conftest import stranger


def test_they_are_served_as_what_they_are(panel: Service) -> None:
    style = stranger(panel).get("/pages/style.css")
    assert (style.status, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert style.html.encode() == static.STYLE
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
