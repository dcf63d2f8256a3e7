"""What is known of a server stays bounded, and what a change has overtaken does not stay."""

from vshell.completion.cache import BEGINNING_ROWS, FRESH_SECONDS, KEPT_SEARCHES, LEARNED_ROWS, NameCache, NameQuery

TOKENS = NameQuery("apitokens")


def row(id_: str, **fields: object) -> dict[str, object]:
    return {"id": id_, **fields}


def filled(*rows: dict[str, object], whole: bool = True) -> NameCache:
    memory = NameCache()
    memory.keep(TOKENS, rows, whole=whole, now=0, asked_at_change=0)
    return memory


def ids(memory: NameCache) -> list[object]:
    return [each["id"] for each in memory.rows("apitokens")]


def test_an_unknown_noun_has_no_rows() -> None:
    assert NameCache().rows("dragons") == ()
    assert not NameCache().partial("dragons")


def test_a_list_is_old_until_it_is_got_and_again_later() -> None:
    memory = NameCache()
    assert memory.old("apitokens", 0)
    memory.keep(TOKENS, [row("a")], whole=True, now=100, asked_at_change=0)
    assert not memory.old("apitokens", 100 + FRESH_SECONDS - 1)
    assert memory.old("apitokens", 100 + FRESH_SECONDS)


def test_what_is_learned_adds_to_what_is_known() -> None:
    memory = filled(row("a", name="one", owner="bob"), 0)
    memory.learn("apitokens", [row("a", name="two"), row("b")])
    assert memory.rows("apitokens") == [{"id": "a", "name": "two", "owner": "bob"}, {"id": "b"}]


def test_a_whole_list_replaces_what_was_learned() -> None:
    memory = NameCache()
    memory.learn("apitokens", [row("gone")])
    memory.keep(TOKENS, [row("a")], whole=True, now=0, asked_at_change=memory.changes)
    assert ids(memory) == ["a"]


def test_a_part_of_a_list_keeps_what_was_learned() -> None:
    memory = NameCache()
    memory.learn("apitokens", [row("z")])
    memory.keep(TOKENS, [row("a")], whole=False, now=0, asked_at_change=memory.changes)
    assert ids(memory) == ["a", "z"]
    assert memory.partial("apitokens")


def test_of_a_long_list_a_menu_is_held() -> None:
    every = [row(f"{number:04}") for number in range(2 * BEGINNING_ROWS)]
    assert len(ids(filled(*every, whole=False))) == BEGINNING_ROWS
    assert len(ids(filled(*every))) == 2 * BEGINNING_ROWS


def test_an_answer_that_a_change_has_overtaken_is_asked_for_again() -> None:
    memory = NameCache()
    asked_at = memory.changes
    memory.changed()
    memory.learn("apitokens", [row("new")])
    memory.keep(TOKENS, [row("a")], whole=True, now=0, asked_at_change=asked_at)
    assert ids(memory) == ["a", "new"]
    assert memory.old("apitokens", 0)


def test_a_search_that_a_change_has_overtaken_is_not_kept() -> None:
    memory = NameCache()
    wish = NameQuery("apitokens", True, "a")
    memory.changed()
    memory.keep(wish, [row("a1")], whole=False, now=0, asked_at_change=0)
    assert memory.search(wish, 0) == ((), False)


def test_a_search_keeps_only_what_begins_so() -> None:
    memory = NameCache()
    wish = NameQuery("apitokens", True, "a")
    memory.keep(wish, [row("a1"), row("a2"), row("b1")], whole=False, now=0, asked_at_change=0)
    assert memory.search(wish, 0) == (({"id": "a1"}, {"id": "a2"}), True)


def test_a_wider_search_helps_out() -> None:
    memory = NameCache()
    memory.keep(NameQuery("apitokens", True, "a"), [row("ab")], whole=False, now=0, asked_at_change=0)
    assert memory.search(NameQuery("apitokens", True, "ab", "bob"), 0) == (({"id": "ab"},), False)
    assert memory.search(NameQuery("apitokens", True, "b"), 0) == ((), False)
    assert memory.search(NameQuery("roles", True, "ab"), 0) == ((), False)


def test_a_wider_search_that_brought_all_there_is_answers_for_the_narrower_ones() -> None:
    memory = NameCache()
    memory.keep(NameQuery("apitokens", True, "a"), [row("ab")], whole=True, now=0, asked_at_change=0)
    assert memory.search(NameQuery("apitokens", True, "ab", "bob"), FRESH_SECONDS - 1) == (({"id": "ab"},), True)
    assert memory.search(NameQuery("apitokens", True, "ab"), FRESH_SECONDS) == (({"id": "ab"},), False)


def test_a_search_is_made_again_later_and_shown_meanwhile() -> None:
    memory, wish = NameCache(), NameQuery("managers", True, "BO")
    memory.keep(wish, [{"username": "bob"}, {"username": "eve"}], whole=False, now=0, asked_at_change=0)
    assert memory.search(wish, FRESH_SECONDS - 1) == (({"username": "bob"},), True)
    assert memory.search(wish, FRESH_SECONDS) == (({"username": "bob"},), False)


def test_nothing_grows_without_end() -> None:
    memory = NameCache()
    for number in range(3 * KEPT_SEARCHES):
        memory.keep(NameQuery("apitokens", True, str(number)), [], whole=False, now=0, asked_at_change=0)
    assert not memory.search(NameQuery("apitokens", True, "0"), 0)[1]
    assert memory.search(NameQuery("apitokens", True, str(3 * KEPT_SEARCHES - 1)), 0)[1]
    memory.learn("apitokens", [row(f"t{number}") for number in range(3 * LEARNED_ROWS)])
    memory.learn("apitokens", [row("last")])
    assert len(memory.rows("apitokens")) == LEARNED_ROWS
    assert ids(memory)[-1] == "last"


def test_what_was_removed_is_forgotten_by_any_field() -> None:
    memory = filled(row("a", name="one"), row("b", name="two"))
    memory.learn("apitokens", [row("c", name="one")])
    memory.forget("apitokens", "name", "one")
    assert ids(memory) == ["b"]


def test_clearing_forgets_everything() -> None:
    memory = filled(row("a"))
    memory.learn("apitokens", [row("b")])
    memory.clear()
    assert memory.rows("apitokens") == ()
    assert memory.old("apitokens", 0)
