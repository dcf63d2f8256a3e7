"""The rules of projects: what names one, and where a token that is for one is refused."""

import pytest

from server_stub.domain.base.errors import Forbidden, Invalid
from server_stub.domain.tokens import projects


@pytest.mark.parametrize(
    ("header", "name"), [(None, None), ("", None), (" ", None), ("shop", "shop"), (" a.b_c-1 ", "a.b_c-1")]
)
def test_a_header_names_a_project_or_none(header: str | None, name: str | None) -> None:
    assert projects.parse_header(header) == name


@pytest.mark.parametrize("text", [".shop", "a b", "x" * 65, "ü", "a/b", "-a"])
def test_what_names_none(text: str) -> None:
    with pytest.raises(Invalid, match="cannot name a project"):
        projects.parse_header(text)


@pytest.mark.parametrize(
    ("limit", "project", "fits"),
    [(None, None, True), (None, "shop", True), ("shop", None, False), ("shop", "shop", True), ("shop", "blog", False)],
)
def test_a_token_for_one_project_is_refused_wherever_that_is_not_named(
    limit: str | None, project: str | None, fits: bool
) -> None:
    if fits:
        projects.require(limit, project)
    else:
        with pytest.raises(Forbidden, match="is for the project"):
            projects.require(limit, project)
