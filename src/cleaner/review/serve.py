"""The playground: a server for one's own browser, which cleans what is pasted there.

It listens on 127.0.0.1 alone. That keeps other machines out, but not other sites: a page from anywhere can make this
browser ask ``http://127.0.0.1``. So a request has to name this server as its host (a site that points its own name here
doesn't), what changes anything has to come from the playground's own page, and has to bring the token that only that page
can read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from cleaner.cli.files import InputError
from cleaner.config import Config
from cleaner.engine import Cleaner
from cleaner.errors import CleanerError, RuleError
from cleaner.model import CATEGORIES
from cleaner.review.collect import Raw, explain, is_page
from cleaner.review.editable import editable
from cleaner.review.page import PLAYGROUND, assemble
from cleaner.review.view import Reviewed, about_of, view_of

HOST: Final = "127.0.0.1"
MAX_BODY: Final = 8 << 20
SECONDS: Final = 30
"""How long a request may take to come in."""

TITLE: Final = "cleaner playground"
OWN: Final = "your rules"

SAMPLE: Final = """\
Home | News | Coast

Ferry returns to the strait after nine months

Islanders get their morning boat back, and a new ramp with it
By Ines Okafor, Harbour Echo Staff
Posted Mar 5, 2025 5:23 PM GMT
Share this article
Facebook
WhatsApp
Copy link

The first ferry in nine months left Port Elham at ten past seven on Wednesday with forty cars, two hearses and a brass \
band on board. The band played until the harbour wall was out of sight.

READ MORE: What the new ramp cost, and who pays

"We had stopped looking at the timetable," said Marta Quill, who keeps the shop on the far side. The boat had been away \
since a storm bent its bow door. (More Port Elham stories.)

Get the news faster.
Tap to install our app.
X
"""


class Refused(Exception):  # noqa: N818  # no error of this package: an answer
    """A request that isn't served: the status and a line that says why."""

    def __init__(self, status: HTTPStatus, problem: str) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem


class Playground:
    """What the playground knows and does; the server only carries it.

    Args:
        text: what stands in the box at first.
        rules: the user's rules at first, as TOML.
    """

    def __init__(self, text: str = SAMPLE, rules: str = "") -> None:
        self.token = secrets.token_urlsafe(32)
        self._text = text
        self._rules = rules
        self._folder = TemporaryDirectory(prefix="cleaner-playground-")
        self._lock = threading.Lock()
        self._cleaner = lru_cache(maxsize=8)(Cleaner)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def page(self) -> str:
        """Return the page, with the token in it."""
        data = {
            "token": self.token,
            "text": self._text,
            "rules": self._rules,
            "disable": [],
            "categories": {name: what for name, what in CATEGORIES.items() if name != "whitespace"},
            "html": hasattr(Cleaner, "explain_html"),
        }
        return assemble("playground.html", PLAYGROUND, TITLE, data, connect="'self'")

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do what a request asks for.

        Raises:
            Refused: nothing is served under this path, or the body isn't what it takes.
        """
        acts: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "/clean": self._clean,
            "/rule": self._rule,
            "/test": self._test,
        }
        if path not in acts:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")
        try:
            with self._lock:
                return acts[path](body)
        except RuleError as problem:
            where = "".join(f"{part}: " for part in (OWN, problem.rule and f"rule {problem.rule}", problem.key) if part)
            return {"error": where + problem.problem}
        except (CleanerError, InputError) as problem:
            return {"error": str(problem)}

    def _clean(self, body: dict[str, Any]) -> dict[str, Any]:
        text, kind = _string(body, "text"), _string(body, "kind")
        files = self._files(_string(body, "rules"))
        config = Config(
            mode=_string(body, "mode"),  # type: ignore[arg-type]  # it says itself what it takes
            keep=_strings(body, "keep"),
            disable=_strings(body, "disable"),
            rules=files,
        )
        cleaner = self._cleaner(config)
        began = time.perf_counter()
        page = kind == "html" or (kind == "auto" and hasattr(cleaner, "explain_html") and is_page(text))
        result = explain(cleaner, Raw("What you pasted", text, page))
        milliseconds = round(1000 * (time.perf_counter() - began))
        name = "The page you pasted" if page else "The text you pasted"
        about = about_of(files)
        view = view_of([Reviewed(name, result)], title=TITLE, about=about)
        for rule in view["rules"]:
            rule["path"] = OWN if rule["path"] in files else rule["path"]
        return {"view": view, "milliseconds": milliseconds}

    def _files(self, rules: str) -> tuple[str, ...]:
        if not rules.strip():
            return ()
        # One name for one text: a cleaner is kept by its configuration, and that by the names of files.
        path = Path(self._folder.name, hashlib.sha256(rules.encode("utf-8", "replace")).hexdigest() + ".toml")
        if not path.exists():
            path.write_text(rules, encoding="utf-8", errors="replace", newline="")
        return (str(path),)

    @staticmethod
    def _rule(body: dict[str, Any]) -> dict[str, Any]:
        return {"toml": editable(_string(body, "id"))}

    def _test(self, body: dict[str, Any]) -> dict[str, Any]:
        from cleaner.check import check_entry  # noqa: PLC0415
        from cleaner.rule import read_rules  # noqa: PLC0415

        files = self._files(_string(body, "rules"))
        entries = [entry for path in files for entry in read_rules(path).entries]
        cleaner = self._cleaner(Config(rules=files))
        failures = [failure for entry in entries for failure in check_entry(entry, cleaner)]
        lines = [f"rule {one.rule}: {one.key}: {one.example!r} {one.problem}" for one in failures]
        examples = sum(len(entry.strips) + len(entry.keeps) for entry in entries)
        return {
            "said": "\n".join([*lines, f"{len(entries)} rules, {examples} examples, {len(failures)} that don't hold"])
        }


class Server(ThreadingHTTPServer):
    """The server of a playground, on this machine alone. ``port`` 0 takes any that is free."""

    daemon_threads = True

    def __init__(self, playground: Playground, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.playground = playground

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which this server may be asked."""
        end = "" if self.server_port == 80 else f":{self.server_port}"
        return frozenset(name + end for name in (HOST, "localhost"))

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of browsers that go away in the middle."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "cleaner"
    sys_version = ""
    timeout = SECONDS

    def do_GET(self) -> None:  # the name that http.server calls
        self._serve(self._get)

    def do_POST(self) -> None:
        self._serve(self._post)

    def _serve(self, act: Callable[[], None]) -> None:
        try:
            self._check_host()
            act()
        except Refused as refused:
            # What was sent along may not have been read, so nothing else can follow on this connection.
            self.close_connection = True
            self._send(refused.status, "text/plain; charset=utf-8", f"{refused.problem}\n".encode())

    def _get(self) -> None:
        if self.path == "/favicon.ico":
            self._send(HTTPStatus.NO_CONTENT, "image/x-icon", b"")
        elif self.path.partition("?")[0] == "/":
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", self.server.playground.page().encode("utf-8"))
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")

    def _post(self) -> None:
        origin = self.headers.get("Origin", "")
        if origin.removeprefix("http://") not in self.server.hosts or not origin.startswith("http://"):
            raise Refused(HTTPStatus.FORBIDDEN, "only the playground's own page may ask for this")
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refused(HTTPStatus.FORBIDDEN, "only the playground's own page may ask for this")
        token = self.headers.get("X-Cleaner-Token", "")
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self.server.playground.token.encode()):
            raise Refused(HTTPStatus.FORBIDDEN, "the page is from an earlier run of the playground; load it again")
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "expected JSON")
        self._send_json(self.server.playground.answer(self.path, self._body()))

    def _check_host(self) -> None:
        if self.headers.get("Host", "") not in self.server.hosts:
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, f"this is {self.server.url}")

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "expected a Content-Length")
        if int(length) > MAX_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected at most {MAX_BODY} bytes")
        try:
            body = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "expected JSON") from None
        if not isinstance(body, dict):
            raise Refused(HTTPStatus.BAD_REQUEST, "expected an object")
        return body

    def _send_json(self, answer: dict[str, Any]) -> None:
        self._send(HTTPStatus.OK, "application/json", json.dumps(answer).encode("ascii"))

    def _send(self, status: HTTPStatus, kind: str, data: bytes) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(data))),
            ("Content-Security-Policy", "frame-ancestors 'none'"),
            ("X-Frame-Options", "DENY"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name that http.server calls
        """Say nothing: the page says what goes wrong."""


def _string(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise Refused(HTTPStatus.BAD_REQUEST, f"{key}: expected a string")
    return value


def _strings(body: dict[str, Any], key: str) -> list[str]:
    value = body.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(HTTPStatus.BAD_REQUEST, f"{key}: expected a list of strings")
    return value
