"""What is known of a server stays bounded, and what a change has overtaken does not stay."""

from vshell.completion.cache import BEGINNING_ROWS, FRESH_SECONDS, LEARNED_ROWS, MOST_ANSWERS, NameCache, NameQuery

TOKENS = NameQuery("apitokens")


def row(id_: str, **fields: object) -> dict[str, object]:
    return {"id": id_, **fields}


def filled(*rows: dict[str, object], whole: bool = True) -> NameCache:
    cache = NameCache()
    cache.store(TOKENS, rows, whole=whole, now=0, asked_at_change=0)
    return cache


def ids(cache: NameCache) -> list[object]:
    return [each["id"] for each in cache.rows("apitokens")]


def test_an_unknown_noun_has_no_rows() -> None:
    assert NameCache().rows("dragons") == ()
    assert not NameCache().is_partial("dragons")


def test_a_list_is_old_until_it_is_got_and_again_later() -> None:
    cache = NameCache()
    assert not cache.find(TOKENS, 0)[1]
    cache.store(TOKENS, [row("a")], whole=True, now=100, asked_at_change=0)
    assert cache.find(TOKENS, 100 + FRESH_SECONDS - 1)[1]
    assert not cache.find(TOKENS, 100 + FRESH_SECONDS)[1]


def test_what_is_learned_adds_to_what_is_known() -> None:
    cache = filled(row("a", name="one", owner="bob"), 0)
    cache.learn("apitokens", [row("a", name="two"), row("b")])
    assert cache.rows("apitokens") == [{"id": "a", "name": "two", "owner": "bob"}, {"id": "b"}]


def test_a_whole_list_replaces_what_was_learned() -> None:
    cache = NameCache()
    cache.learn("apitokens", [row("gone")])
    cache.store(TOKENS, [row("a")], whole=True, now=0, asked_at_change=cache.changes)
    assert ids(cache) == ["a"]


def test_a_part_of_a_list_keeps_what_was_learned() -> None:
    cache = NameCache()
    cache.learn("apitokens", [row("z")])
    cache.store(TOKENS, [row("a")], whole=False, now=0, asked_at_change=cache.changes)
    assert ids(cache) == ["a", "z"]
    assert cache.is_partial("apitokens")


def test_of_a_long_list_a_menu_is_held() -> None:
    every = [row(f"{number:04}") for number in range(2 * BEGINNING_ROWS)]
    assert len(ids(filled(*every, whole=False))) == BEGINNING_ROWS
    assert len(ids(filled(*every))) == 2 * BEGINNING_ROWS


def test_an_answer_that_a_change_has_overtaken_is_asked_for_again() -> None:
    cache = NameCache()
    asked_at = cache.changes
    cache.expire()
    cache.learn("apitokens", [row("new")])
    cache.store(TOKENS, [row("a")], whole=True, now=0, asked_at_change=asked_at)
    assert ids(cache) == ["a", "new"]
    assert not cache.find(TOKENS, 0)[1]


def test_a_search_that_a_change_has_overtaken_is_not_kept() -> None:
    cache = NameCache()
    query = NameQuery("apitokens", "a")
    cache.expire()
    cache.store(query, [row("a1")], whole=False, now=0, asked_at_change=0)
    assert cache.find(query, 0) == ((), False)


def test_a_search_keeps_only_what_begins_so() -> None:
    cache = NameCache()
    query = NameQuery("apitokens", "a")
    cache.store(query, [row("a1"), row("a2"), row("b1")], whole=False, now=0, asked_at_change=0)
    assert cache.find(query, 0) == (({"id": "a1"}, {"id": "a2"}), True)


def test_a_wider_search_helps_out() -> None:
    cache = NameCache()
    cache.store(NameQuery("apitokens", "a"), [row("ab")], whole=False, now=0, asked_at_change=0)
    assert cache.find(NameQuery("apitokens", "ab", "bob"), 0) == (({"id": "ab"},), False)
    assert cache.find(NameQuery("apitokens", "b"), 0) == ((), False)
    assert cache.find(NameQuery("roles", "ab"), 0) == ((), False)


def test_a_wider_search_that_brought_all_there_is_answers_for_the_narrower_ones() -> None:
    cache = NameCache()
    cache.store(NameQuery("apitokens", "a"), [row("ab")], whole=True, now=0, asked_at_change=0)
    assert cache.find(NameQuery("apitokens", "ab", "bob"), FRESH_SECONDS - 1) == (({"id": "ab"},), True)
    assert cache.find(NameQuery("apitokens", "ab"), FRESH_SECONDS) == (({"id": "ab"},), False)


def test_a_search_is_made_again_later_and_shown_meanwhile() -> None:
    cache, query = NameCache(), NameQuery("managers", "BO")
    cache.store(query, [{"username": "bob"}, {"username": "eve"}], whole=False, now=0, asked_at_change=0)
    assert cache.find(query, FRESH_SECONDS - 1) == (({"username": "bob"},), True)
    assert cache.find(query, FRESH_SECONDS) == (({"username": "bob"},), False)


def test_nothing_grows_without_end() -> None:
    cache = NameCache()
    for number in range(3 * MOST_ANSWERS):
        cache.store(NameQuery("apitokens", str(number)), [], whole=False, now=0, asked_at_change=0)
    assert not cache.find(NameQuery("apitokens", "0"), 0)[1]
    assert cache.find(NameQuery("apitokens", str(3 * MOST_ANSWERS - 1)), 0)[1]
    cache.learn("apitokens", [row(f"t{number}") for number in range(3 * LEARNED_ROWS)])
    cache.learn("apitokens", [row("last")])
    assert len(cache.rows("apitokens")) == LEARNED_ROWS
    assert ids(cache)[-1] == "last"


def test_what_was_removed_is_forgotten_by_any_field() -> None:
    cache = filled(row("a", name="one"), row("b", name="two"))
    cache.learn("apitokens", [row("c", name="one")])
    cache.forget("apitokens", "name", "one")
    assert ids(cache) == ["b"]


def test_clearing_forgets_everything() -> None:
    cache = filled(row("a"))
    cache.learn("apitokens", [row("b")])
    cache.clear()
    assert cache.rows("apitokens") == ()
    assert not cache.find(TOKENS, 0)[1]
