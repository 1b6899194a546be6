"""The playground's server: what it answers, and to whom."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cleaner import ConfigError
from cleaner.cli.reasons import find
from cleaner.review.editable import editable
from cleaner.review.serve import MAX_BODY, Playground, Server
from cleaner.rule import parse_rules
from tests.command import CLEAN, COMMAND, DIRTY, Command, write

RULE = """\
[[rule]]
id = "my.custom.title"
why = "The test wants it."
pattern = "ferry returns .*"
strips = ["Ferry returns to the strait"]
keeps = ["A ferry returns to the strait"]
"""


@contextmanager
def serving(text: str = DIRTY, rules: str = "") -> Iterator[Server]:
    with Playground(text, rules) as playground, Server(playground, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as started:
        yield started


def ask(
    server: Server, method: str = "GET", path: str = "/", body: object = None, **headers: str | None
) -> tuple[int, str]:
    """Ask as the page would; a header that is ``None`` is left out."""
    own = f"127.0.0.1:{server.server_port}"
    given: dict[str, str | None] = {"Host": own}
    if method == "POST":
        given |= {
            "Origin": f"http://{own}",
            "Content-Type": "application/json",
            "X-Cleaner-Token": server.playground.token,
        }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        if data is not None and "Content_Length" not in headers:
            connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def asked(**changes: object) -> dict[str, object]:
    return {"text": DIRTY, "kind": "text", "mode": "standard", "keep": [], "disable": [], "rules": "", **changes}


def clean(server: Server, **changes: object) -> dict[str, Any]:
    status, answer = ask(server, "POST", "/clean", asked(**changes))
    assert status == 200
    data: dict[str, Any] = json.loads(answer)
    return data


def left(answer: dict[str, Any]) -> str:
    return "".join(piece for piece in answer["view"]["documents"][0]["pieces"] if isinstance(piece, str))


def test_a_text_is_cleaned(server: Server) -> None:
    assert left(clean(server)) == CLEAN
    assert left(clean(server, keep=["share", "advertising"])) == DIRTY
    assert "Advertisement" in left(clean(server, disable=["advertising"]))
    assert left(clean(server, text="")) == ""


def test_own_rules_are_used(server: Server) -> None:
    answer = clean(server, rules=RULE)
    assert left(answer) == CLEAN.removeprefix("Ferry returns to the strait\n\n")
    rule = next(rule for rule in answer["view"]["rules"] if rule["id"] == "my.custom.title")
    assert (rule["why"], rule["path"]) == ("The test wants it.", "your rules")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rules": "[[rule]\n"}, "your rules: isn't TOML: "),
        ({"rules": RULE.replace("my.custom", "my.custm")}, "your rules: rule my.custm.title: id: no category 'custm'"),
        ({"mode": "agressive"}, "mode: 'agressive' is none of"),
        ({"keep": ["shre"]}, "keep: no category 'shre' (did you mean 'share'?)"),
        ({"disable": ["en.share.thiss"]}, "disable: no rule or category 'en.share.thiss'"),
        ({"rules": RULE.replace("ferry returns .*", "(?:a+)+$")}, "your rules: rule my.custom.title: pattern: "),
    ],
)
def test_what_is_wrong_is_said(server: Server, changes: dict[str, object], message: str) -> None:
    said = clean(server, **changes)["error"]
    if "mode" in changes:
        assert "agressive" in said
        assert "aggressive" in said
    else:
        assert message in said
    assert "/tmp" not in said


def test_a_rule_to_edit_is_the_rule(server: Server) -> None:
    status, answer = ask(server, "POST", "/rule", {"id": "en.share.this"})
    written = json.loads(answer)["toml"]
    assert status == 200
    copied = parse_rules(tomllib.loads(written), "x")
    assert copied.disable == {"en.share.this"}
    assert [entry.rule.id for entry in copied.entries] == ["my.share.this"]
    answer_with = clean(server, rules=written)
    assert left(answer_with) == CLEAN
    assert "my.share.this" in {rule["id"] for rule in answer_with["view"]["rules"]}
    known = find("en.share.this")
    assert known is not None
    assert copied.entries[0].why == known.why
    for identity in ("any.interface.box", "my.share.this"):
        assert "error" in json.loads(ask(server, "POST", "/rule", {"id": identity})[1])
    with pytest.raises(ConfigError, match="found by code"):
        editable("any.interface.box")


def test_own_rules_are_tested(server: Server) -> None:
    said = json.loads(ask(server, "POST", "/test", {"rules": RULE})[1])["said"]
    assert said.splitlines()[-1] == "1 rules, 2 examples, 1 that don't hold"
    assert said.startswith("rule my.custom.title: keeps: ")


def test_the_page_brings_its_policy(server: Server) -> None:
    status, page = ask(server)
    assert status == 200
    assert server.playground.token in page
    assert "default-src 'none'; script-src 'sha256-" in page
    assert "connect-src 'self'" in page
    with Playground() as another:
        assert server.playground.token not in another.page()


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:{port}", "127.0.0.1", "127.0.0.1:1", "", None, "127.0.0.1:{port}.example.org"]
)
def test_another_name_for_this_server_is_refused(server: Server, host: str | None) -> None:
    """A site that lets its own name point here reads nothing, and above all no token."""
    given = None if host is None else host.format(port=server.server_port)
    for method, body in (("GET", None), ("POST", asked())):
        status, answer = ask(server, method, "/" if body is None else "/clean", body, Host=given)
        assert status == 421
        assert server.playground.token not in answer


def test_localhost_is_this_server(server: Server) -> None:
    own = f"localhost:{server.server_port}"
    assert ask(server, Host=own)[0] == 200
    assert ask(server, "POST", "/clean", asked(), Host=own, Origin=f"http://{own}")[0] == 200


@pytest.mark.parametrize(
    "origin", ["http://example.org", "null", "", None, "https://127.0.0.1:{port}", "127.0.0.1:{port}"]
)
def test_another_site_is_refused(server: Server, origin: str | None) -> None:
    given = None if origin is None else origin.format(port=server.server_port)
    assert ask(server, "POST", "/clean", asked(), Origin=given)[0] == 403


def test_only_the_page_itself_is_served(server: Server) -> None:
    assert ask(server, "POST", "/clean", asked(), X_Cleaner_Token=None)[0] == 403
    assert ask(server, "POST", "/clean", asked(), X_Cleaner_Token="x" * 43)[0] == 403
    assert ask(server, "POST", "/clean", asked(), X_Cleaner_Token="\xe9")[0] == 403
    assert ask(server, "POST", "/clean", asked(), Sec_Fetch_Site="cross-site")[0] == 403
    assert ask(server, "POST", "/clean", asked(), Content_Type="text/plain")[0] == 415
    assert ask(server, "POST", "/clean", b"{")[0] == 400
    assert ask(server, "POST", "/clean", [1])[0] == 400
    assert ask(server, "POST", "/clean", asked(text=3))[0] == 400
    assert ask(server, "POST", "/clean", asked(keep="share"))[0] == 400
    assert ask(server, "POST", "/clean", b"", Content_Length=str(MAX_BODY + 1))[0] == 413
    assert ask(server, "POST", "/clean", b"", Content_Length="-1")[0] == 411
    assert ask(server, "POST", "/etc/passwd", {})[0] == 404
    for path in ("/clean", "/../serve.py", "//example.org", "/style.css"):
        assert ask(server, "GET", path)[0] == 404
    for method in ("PUT", "DELETE", "OPTIONS", "HEAD"):
        assert ask(server, method)[0] == 501


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with probe:
        probe.connect(("198.51.100.1", 9))
        outside = probe.getsockname()[0]
    if outside != "127.0.0.1":
        with socket.socket() as other:
            other.settimeout(2)
            assert other.connect_ex((outside, server.server_port)) != 0


def test_what_it_writes_is_gone_when_it_ends() -> None:
    with serving() as server:
        clean(server, rules=RULE)
        folder = Path(server.playground._folder.name)
        assert len(list(folder.iterdir())) == 1
    assert not folder.exists()


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "What the file says.\n")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "playground", str(path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", url)
        assert found
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=20)
        connection.request("GET", "/")
        assert "What the file says." in connection.getresponse().read().decode()
        connection.close()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert process.returncode == 0
    assert said.decode().splitlines()[0] == "cleaner: the playground is there; end it with Ctrl-C"
    assert "Traceback" not in said.decode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.txt"], "none.txt: can't be read: no such file or directory"),
        (["--rules", "none.toml"], "none.toml: can't be read: no such file or directory"),
        (["--port", "70000"], "--port: expected a number from 0 to 65535, not '70000'"),
        (["--prot", "1"], "no option --prot (did you mean '--port'?); see cleaner playground --help"),
        (["--port", "{taken}"], "can't be used: address already in use; choose another, or 0 for any"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], message: str, command: Command, server: Server) -> None:
    code, out, said = command("playground", *(one.format(taken=server.server_port) for one in arguments))
    assert (code, out) == (2, b"")
    assert message in said
    assert re.fullmatch(r"cleaner: error: .*\n", said)
