"""The two files that pages load: their style and their picture."""

from server_stub.operations.context import Answer, ReadContext
from server_stub.web.pages.dialect import routes
from server_stub.web.pages.templates_env import FOLDER, HEADERS

STYLE = (FOLDER / "style.css").read_bytes()
PICTURE = (FOLDER / "picture.svg").read_bytes()


@routes.get("/pages/style.css", action="page.style", anonymous=True)
def style(context: ReadContext) -> Answer:
    """Answer the style of all pages."""
    return Answer({**HEADERS, "Content-Type": "text/css; charset=utf-8"}, STYLE)


@routes.get("/pages/picture.svg", action="page.picture", anonymous=True)
def picture(context: ReadContext) -> Answer:
    """Answer the picture that stands in a browser's tab."""
    return Answer({**HEADERS, "Content-Type": "image/svg+xml"}, PICTURE)
