"""Bodies as Vault reads them."""

import msgspec
import pytest

from server_stub.domain.base.durations import LONGEST_DURATION
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.web.http.decoding import Body
from server_stub.web.http.dialect import Input, RequestInput, Route
from server_stub.web.vault import decoding
from server_stub.web.vault.decoding import Length, Pairs, Split, Switch, Text, Texts, Whole
from server_stub.web.vault.dialect import current
from server_stub.web.vault.tokens import NewToken
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import Holder

FORM = "application/x-www-form-urlencoded"


class AllKinds(Body, frozen=True):
    """One field of each kind."""

    text: Text = None
    whole: Whole = None
    switch: Switch = None
    texts: Texts = None
    split: Split = None
    pairs: Pairs = None
    length: Length = None


ROUTE = Route("POST", "/x", "x", lambda: None, current.dialect, input=Input(body=AllKinds))


def read(content: bytes, content_type: str = "") -> decoding.Decoded[AllKinds]:
    """Read a body."""
    [found] = decoding.decode(ROUTE, RequestInput("", content, content_type))
    assert isinstance(found, decoding.Decoded)
    return found


GOOD = [
    ("text", "x", "x"),
    ("text", 5, "5"),
    ("text", 1.5, "1.5"),
    ("text", True, "true"),
    ("text", "", ""),
    ("whole", 2, 2),
    ("whole", "2", 2),
    ("whole", "-2", -2),
    ("whole", "", None),
    ("switch", True, True),
    ("switch", "true", True),
    ("switch", "F", False),
    ("switch", 0, False),
    ("switch", "", None),
    ("texts", ["a", "b"], ("a", "b")),
    ("texts", "a,b", ("a,b",)),
    ("texts", [1], ("1",)),
    ("texts", [], ()),
    ("texts", "", None),
    ("split", "a, b,,", ("a", "b")),
    ("split", ["a,b"], ("a,b",)),
    ("split", "", ()),
    ("pairs", {"a": 1, "b": None}, {"a": "1", "b": ""}),
    ("pairs", ["a=b", "c=d=e"], {"a": "b", "c": "d=e"}),
    ("pairs", "a=b", {"a": "b"}),
    ("pairs", "", None),
    ("length", 3600, 3600 * SECOND),
    ("length", "3600", 3600 * SECOND),
    ("length", "1h30m", 5400 * SECOND),
    ("length", "1.5h", 5400 * SECOND),
    ("length", "500ms", SECOND // 2),
    ("length", "1d", 86_400 * SECOND),
    ("length", 2**62, LONGEST_DURATION),
    *(("length", none, None) for none in (0, "0", "0s", "", "0h0m0s", "0d", "0.0h", "-0s")),
    *((name, None, None) for name in AllKinds.__struct_fields__),
]


@pytest.mark.parametrize(("name", "value", "wanted"), GOOD)
def test_what_a_field_may_be(name: str, value: object, wanted: object) -> None:
    assert getattr(read(msgspec.json.encode({name: value})).request, name) == wanted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", []),
        ("text", {}),
        ("whole", "abc"),
        ("whole", 1.5),
        ("whole", True),
        ("whole", "1" * 50),
        ("whole", "١"),
        ("switch", "maybe"),
        ("switch", 2),
        ("switch", []),
        ("texts", [[]]),
        ("texts", {}),
        ("pairs", "x"),
        ("pairs", {"a": {}}),
        ("pairs", 5),
        ("length", True),
        ("length", 90.5),
        ("length", []),
    ],
)
def test_what_it_may_not_be(name: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        read(msgspec.json.encode({name: value}))
    assert refused.value.sentence.startswith(f'Field validation failed: error converting input for field "{name}": ')


@pytest.mark.parametrize("value", ["1w", "xyz", "1hh", "h", "1h ", "٣s", "9" * 70 + "h", 'a"b'])
def test_what_is_no_duration(value: str) -> None:
    with pytest.raises(Invalid, match="time: invalid duration"):
        read(msgspec.json.encode({"length": value}))


@pytest.mark.parametrize("value", [-1, "-1", "-1h"])
def test_no_duration_is_negative(value: object) -> None:
    with pytest.raises(Invalid, match="length must be positive"):
        read(msgspec.json.encode({"length": value}))


@pytest.mark.parametrize("content_type", ["", "application/json", FORM, "text/plain"])
def test_json_needs_no_content_type(content_type: str) -> None:
    assert read(b' {"text": "x"} ', content_type).request.text == "x"
    assert read(b"", content_type).request == AllKinds()


def test_a_form_does() -> None:
    assert read(b"text=a+b&texts=x&texts=y", FORM).request == AllKinds(text="a b", texts=("x", "y"))
    with pytest.raises(Invalid, match="failed to decode JSON input"):
        read(b"text=a")


@pytest.mark.parametrize("content", [b"{", b"[1]", b"7", b'"x"', b"{}{}", b'{"a":', b"\xff", b"[" * 100_000])
@pytest.mark.usefixtures("no_garbage")
def test_what_cannot_be_read(content: bytes) -> None:
    with pytest.raises(Invalid, match="failed to decode JSON input"):
        read(content)


@pytest.mark.parametrize(
    "content",
    [b'{"text": "\\u0000"}', b'{"pairs": {"\\u0000": "x"}}', b'{"texts": ["a", "\\u0000"]}', b'{"\\u0000": 1}'],
)
def test_no_nul_passes(content: bytes) -> None:
    with pytest.raises(Invalid, match="NUL"):
        read(content)
    assert read(b'{"text": "\\\\u0000"}').request.text == "\\u0000"


def test_what_is_not_known_is_ignored_with_a_warning(root: Holder) -> None:
    assert read(b'{"b": 1, "a": 2}').warnings == ["Endpoint ignored these unrecognized parameters: [a b]"]
    assert read(b'{"text": "x"}').warnings == []
    assert root.create(unheard_of=1)["warnings"] == ["Endpoint ignored these unrecognized parameters: [unheard_of]"]


def test_a_form_makes_a_token(site: Service, root: Holder) -> None:
    answer = root.ask("POST", "auth/token/create", form="policies=csi&policies=read_only&ttl=1h&meta=a%3Db")
    assert answer.json["auth"]["policies"] == ["csi", "default", "read_only"]
    assert answer.json["auth"]["metadata"] == {"a": "b"}


def test_a_body_shows_nothing_of_what_it_holds() -> None:
    assert "s3cret" not in repr(decoding.Decoded(NewToken(id="s3cret")))
