"""Site profiles: what is learned, that it is right, and that it doesn't depend on how the documents come."""

from __future__ import annotations

import json
import random
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, Config, RuleError
from cleaner.check import check_entry
from cleaner.learn import LearnError, Sketch, bounds, learn
from cleaner.records.texts import documents
from cleaner.site import read_sites, rules_by_host, rules_for
from tests.command import Command, run
from tests.records.made import write_jsonl, write_parquet
from tests.records.sites import BACKGROUND, QUOTES, SITES, WIRE, Page, pages

# The shipped rules know some of the furniture, and with every version more. Under these settings they strip nothing.
ONLY_SITES = Config(strip={"custom"})
CLEANER = Cleaner(ONLY_SITES)


def sketch_of(found: list[Page], **options: int) -> Sketch:
    sketch = Sketch(**options)
    for one in found:
        if sketch.wants(one.url):
            sketch.add(one.url, one.text)
    return sketch


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("learned") / "sites.toml"
    path.write_text(learn(sketch_of(pages(0, 60)), CLEANER), encoding="utf-8")
    return path


def kept(result: cleaner.Result) -> set[str]:
    return {line.strip() for line in result.text.splitlines()}


@pytest.mark.parametrize("config", [ONLY_SITES, Config()])
def test_on_pages_it_never_saw_it_takes_the_furniture_and_leaves_the_articles(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    without = Cleaner(config)
    path.write_text(learn(sketch_of(pages(0, 60)), without), encoding="utf-8")
    with_sites = Cleaner(config.replace(sites=(path,)))
    own = {entry.rule.id for entries in read_sites(path).values() for entry in entries}
    taken = lost = known = total = 0
    for one in pages(100, 140):
        result = with_sites.explain(one.text, url=one.url)
        before, after = kept(without.explain(one.text)), kept(result)
        # What the learned rules themselves take is furniture, without exception.
        by_rules = {line.strip() for gone in result.removed if gone.rule in own for line in gone.text.splitlines()}
        assert not by_rules & set(one.article)
        total += len(one.cruft)
        known += len(one.cruft - before)
        taken += len((one.cruft & before) - after)
        lost += len((set(one.article) & before) - after)
    precision, recall = taken / (taken + lost), (known + taken) / total
    # More that goes is more company for other rules, which may then take a line more.
    assert precision >= 0.95, (taken, lost)
    assert recall >= 0.95, (known, taken, total)


def test_what_recurs_because_it_is_told_again_is_not_learned(learned: Path) -> None:
    written = learned.read_text(encoding="utf-8")
    examples = {example for entries in read_sites(learned).values() for entry in entries for example in entry.strips}
    for line in (*QUOTES, BACKGROUND, *WIRE, *(line for site in SITES for line in site.article)):
        assert line not in examples
    assert len(examples) > 30
    assert "How many" not in written


def test_what_is_learned_is_ordinary_rules(learned: Path) -> None:
    for entries in read_sites(learned).values():
        for entry in entries:
            assert "articles" in entry.why
            assert 0.5 < entry.rule.confidence <= 0.95
    sites = read_sites(learned)
    for host, entries in sites.items():
        path = learned.with_name("one.toml")
        tables = learned.read_text().split("[[site]]")
        (table,) = (table for table in tables if f'host = "{host}"' in table)
        lines = [
            line.replace("[[site.rule]]", "[[rule]]")
            for line in table.splitlines()
            if not line.startswith(("host", "documents"))
        ]
        path.write_text("\n".join(lines))
        with_rules = Cleaner(ONLY_SITES.replace(rules=(path,)))
        assert [failure for entry in entries for failure in check_entry(entry, with_rules)] == []


def test_rules_of_a_site_hold_only_there(learned: Path) -> None:
    with_sites = Cleaner(ONLY_SITES.replace(sites=(learned,)))
    one = pages(100, 101)[0]
    elsewhere = with_sites.explain(one.text, url="https://other.example/")
    assert elsewhere.text == with_sites.explain(one.text).text == CLEANER.clean(one.text)
    below = with_sites.clean(one.text, url=one.url.replace("www.", "news."))
    assert below == with_sites.clean(one.text, url=one.url) != elsewhere.text


def test_rules_of_a_site_hold_for_its_pages_as_well(learned: Path) -> None:
    with_sites = Cleaner(ONLY_SITES.replace(sites=(learned,)))
    one = pages(100, 101)[0]
    html = "<article>" + "".join(f"<p>{escape(line)}</p>" for line in one.text.splitlines() if line) + "</article>"
    elsewhere = with_sites.clean_html(html)
    there = with_sites.clean_html(html, url=one.url)
    assert there != elsewhere
    assert there == with_sites.clean(there, url=one.url)
    assert set(there.splitlines()) < set(elsewhere.splitlines())
    assert with_sites.explain_html(html, one.url).text == there


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.integers(0, 60), st.sampled_from([8, 128]))
def test_order_and_cuts_do_not_matter(seed: int, cut: int, per_host: int) -> None:
    found = pages(0, 12)
    found += found[:7]  # some addresses twice
    whole = sketch_of(found, per_host=per_host).dump()
    random.Random(seed).shuffle(found)
    first, second = (sketch_of(part, per_host=per_host) for part in (found[:cut], found[cut:]))
    first.merge(second)
    assert first.dump() == whole


def test_memory_is_bounded() -> None:
    found = pages(0, 40)
    roomy = sketch_of(found)
    tight = sketch_of(found, memory=60_000)
    assert tight.per_host < roomy.per_host
    assert tight._size <= 60_000
    assert tight._size == sum(len(text) for sample in tight.hosts.values() for text in sample.texts.values())
    assert {host: sample.documents for host, sample in tight.hosts.items()} == dict.fromkeys(
        [site.host for site in SITES], 40
    )
    tiny = sketch_of(found, memory=20_000)
    assert 0 < len(tiny.hosts) < len(SITES)
    assert tiny._size <= 20_000


def test_a_line_of_many_sites_is_learned_for_all(tmp_path: Path) -> None:
    line = "Woven on the Brackwater loom"
    sketch = Sketch()
    for one in pages(0, 30):
        if sketch.wants(one.url):
            sketch.add(one.url, f"{one.text}\n{line}\n")
    path = tmp_path / "sites.toml"
    path.write_text(learn(sketch, CLEANER))
    assert line in {example for entry in read_sites(path)["*"] for example in entry.strips}
    text = f"{pages(50, 51)[0].article[0]}\n\n{' '.join(pages(50, 51)[0].article[1:])}\n\n{line}\n"
    assert line not in Cleaner(ONLY_SITES.replace(sites=(path,))).clean(text, url="https://x.example/")


def test_nothing_is_learned_from_too_little_or_from_pages_without_articles() -> None:
    assert "[[site]]" not in learn(sketch_of(pages(0, 4)), CLEANER)
    same = [
        Page(f"https://a.example/{n}", "Menu of the house\nA line of ours\nAnother line", frozenset(), ())
        for n in range(30)
    ]
    assert "[[site]]" not in learn(sketch_of(same), CLEANER)
    masked = [
        Page(f"https://a.example/{n}", f"Part {n} of it\nA line of ours\nAnother line", frozenset(), ())
        for n in range(30)
    ]
    assert "[[site]]" not in learn(sketch_of(masked), CLEANER)


def test_the_command_learns_merges_and_uses(command: Command, tmp_path: Path) -> None:
    found = [{"id": n, "url": one.url, "text": one.text, "score": 0.5} for n, one in enumerate(pages(0, 20))]
    a, b = tmp_path / "a" / "a.jsonl.gz", tmp_path / "b" / "b.parquet"
    write_jsonl(a, [*found[:50], {"text": "no address"}, {"url": "https://x.example/", "text": None}])
    write_parquet(b, found[50:])
    whole, merged = tmp_path / "whole.toml", tmp_path / "merged.toml"
    done = command("learn", tmp_path / "[ab]", "-o", whole, "--jobs", "2")
    assert done.code == 2  # a glob of folders names no file
    only = ("--strip", "custom")
    done = command("learn", a.parent, b.parent, "-o", whole, "--jobs", "2", *only)
    assert done.code == 0, done.err
    assert done.err.startswith("cleaner: ")
    assert " rules from 100 documents of 5 sites" in done.err
    for path in (a, b):
        assert command("learn", path, "--sketch", path.with_suffix(".sketch"), "--jobs", "1").code == 0
    sketches = [path.with_suffix(".sketch") for path in (b, a)]
    assert command("learn", "merge", *sketches, "-o", merged, "--jobs", "1", "--quiet", *only).err == ""
    assert merged.read_bytes() == whole.read_bytes()
    assert command("learn", "merge", *sketches, *only).out == whole.read_bytes()

    dirty = pages(100, 101)[0]
    (tmp_path / "page.txt").write_text(dirty.text)
    done = command(tmp_path / "page.txt", "--sites", whole, "--url", dirty.url, *only)
    assert dirty.cruft & set(dirty.text.splitlines())
    assert len(dirty.cruft & set(done.out.decode().splitlines())) <= 1


def test_learning_is_the_same_in_every_process(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"url": one.url, "text": one.text} for one in pages(0, 12)])
    outs = {
        run("learn", str(path), "--quiet", "--jobs", "1", env={"PYTHONHASHSEED": seed, "PATH": ""}).stdout
        for seed in ("1", "2")
    }
    assert len(outs) == 1
    assert b"[[site.rule]]" in outs.pop()


def test_documents_are_read_from_every_format(tmp_path: Path) -> None:
    from cleaner.records.fields import Fields
    from cleaner.records.find import find

    found = [{"id": n, "url": one.url, "text": one.text, "score": 0.5} for n, one in enumerate(pages(0, 2))]
    paths = [write_jsonl(tmp_path / "a.jsonl.zst", found), write_parquet(tmp_path / "a.parquet", found)]
    for path in paths:
        read = documents(find([str(path)], None, None), Fields(url="url"))
        assert [(one.url, one.value) for one in read] == [(one["url"], one["text"]) for one in found]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("[[rule]]\nid = 'a.b.c'", "rule: unknown key; expected site"),
        ("[[site]]\nhost = 'https://a.example/'", "[[site]] 1: host: expected a host"),
        ("[[site]]", "[[site]] 1: host: expected a host"),
        ("site = 3", "site: expected tables"),
        ("[[site]]\nhost = 'a.example'\ndisable = ['share']", "a site can't switch rules off"),
        ("[[site]]\nhost = 'a.example'\n[[site.rule]]\nid = 'a.b.c'\npattern = 'x'", "no category 'b'"),
        ("[[site]]\nhost = 'a.example'\n[[site.rule]]\nid = 'a.custom.c'\npattern = '('", "not a pattern"),
    ],
)
def test_site_files_that_cannot_be_used(written: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_text(written)
    with pytest.raises(RuleError) as caught:
        Cleaner(Config(sites=(path,)))
    assert problem in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_rules_by_address(tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_text(
        "".join(
            f"[[site]]\nhost = '{host}'\n[[site.rule]]\nid = '{name}.custom.a'\npattern = '{name}'\n"
            for host, name in (("*", "all"), ("a.example", "a"), ("b.a.example", "b"))
        )
    )
    rules = rules_by_host([str(path)])
    for url, expected in (
        ("https://www.a.example/1", ["all", "a"]),
        ("https://x.a.example/1", ["all", "a"]),
        ("https://c.b.a.example/1", ["all", "b"]),
        ("https://example/1", ["all"]),
        (None, ["all"]),
    ):
        assert [rule.pattern for rule in rules_for(rules, url)[1]] == expected


def test_what_is_no_sketch(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.sketch").write_text("{}")
    write_jsonl(tmp_path / "in.jsonl", [{"text": "no address"}])
    for arguments, problem in (
        (["merge", tmp_path / "a.sketch"], "a.sketch: "),
        (["merge", tmp_path / "none"], "no such file"),
        (["merge"], "SKETCH"),
        ([tmp_path / "in.jsonl"], "no document has both an address (url) and a text (text)"),
        ([tmp_path / "in.jsonl", "--field", "a", "--html-field", "b"], "doesn't go with"),
        (["-"], "reads files"),
    ):
        done = command("learn", *arguments)
        assert (done.code, done.err.count("\n")) == (2, 1), done.err
        assert problem in done.err
    with pytest.raises(LearnError):
        Sketch.load(str(tmp_path / "in.jsonl"))


def test_bounds_of_a_share() -> None:
    low, high = bounds(20, 100)
    assert low == pytest.approx(0.133, abs=0.001)
    assert high == pytest.approx(0.289, abs=0.001)
    assert bounds(0, 0) == (0.0, 1.0)
    assert json.dumps(bounds(5, 5)[1]) == "1.0"
