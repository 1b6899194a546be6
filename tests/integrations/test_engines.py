"""The steps in the engines: caches that hit, crashes that are survived, pickles that stay."""

from __future__ import annotations

import copy
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import cleaner
from cleaner import CleanerError, Config, MissingExtraError
from cleaner.integrations.arrow import clean_arrow
from cleaner.integrations.datasets import clean_batch
from tests.command import CLEAN, DIRTY
from tests.records.made import lines_of, read_jsonl, records, write_jsonl

SITES = """\
[[site]]
host = "harbour.example"
[[site.rule]]
id = "harbour.custom.tide"
pattern = "the tide table of the day"
"""
TIDE = "The ferry sailed at dawn with forty cars on board.\nThe tide table of the day\n"


@pytest.mark.parametrize("step", [clean_batch(), clean_arrow(config=Config(keep={"share", "byline", "tags"}))])
def test_a_step_has_the_same_small_pickle_everywhere(step: Any) -> None:
    pickled = pickle.dumps(step)
    assert len(pickled) < 1500
    program = "import pickle,sys; sys.stdout.buffer.write(pickle.dumps(pickle.loads(sys.stdin.buffer.read())))"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=pickled,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.stdout == pickled
    step.clean(DIRTY)
    assert pickle.dumps(step) == pickled
    assert pickle.dumps(copy.copy(step)) == pickled


def test_a_pickle_changes_with_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_text(SITES)
    config = Config(sites=(path,))
    before = pickle.dumps(clean_batch(config=config))
    assert pickle.dumps(clean_batch(config=config)) == before
    path.write_text(SITES.replace("of the day", "of the night"))
    assert pickle.dumps(clean_batch(config=config)) != before


def test_datasets_finds_its_cache_on_the_second_run(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", records(20))
    program = (
        "import sys\n"
        "from datasets import load_dataset\n"
        "from cleaner.integrations import _step\n"
        "from cleaner.integrations.datasets import clean_batch\n"
        "cleaned = 0\n"
        "original = clean_batch.__call__\n"
        "def counted(self, batch):\n"
        "    global cleaned\n"
        "    cleaned += len(batch['text'])\n"
        "    return original(self, batch)\n"
        "clean_batch.__call__ = counted\n"
        "ds = load_dataset('json', data_files='in.jsonl', split='train')\n"
        "ds = ds.map(clean_batch(min_words=int(sys.argv[1])), batched=True)\n"
        "print(cleaned, ds._fingerprint)\n"
    )

    def once(words: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", program, words],
            cwd=tmp_path,
            env={**os.environ, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.split()

    first, second, other = once("0"), once("0"), once("1")
    assert first[0] == "20"
    assert second == ["0", first[1]]
    assert other[0] == "20"


def test_datasets_leaves_rows_out() -> None:
    batch: dict[str, list[Any]] = {"id": [1, 2, 3], "text": [DIRTY, "Advertisement", None]}
    assert clean_batch()(batch) == {"text": [CLEAN, "", None]}
    assert clean_batch(drop_empty=True)(batch) == {"id": [1], "text": [CLEAN]}
    out = clean_batch(output="clean", removed="gone")(batch)
    assert list(out) == ["clean", "gone"]
    assert [one["category"] for one in out["gone"][0]] == ["advertising", "share"]
    with pytest.raises(CleanerError, match="text: expected text, not int"):
        clean_batch()({"text": [1]})


DATATROVE = """
import time
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from cleaner.integrations.datatrove import CruftCleaner

class Slow(CruftCleaner):
    def run(self, data, rank=0, world_size=1):
        for document in super().run(data, rank, world_size):
            if rank == 1:
                time.sleep(SLEEP)
            yield document

if __name__ == "__main__":
    LocalPipelineExecutor(
        pipeline=[JsonlReader("in/"), Slow(drop_empty=False), JsonlWriter("out/", output_filename="${rank}.jsonl", compression=None)],
        tasks=2, workers=1, logging_dir="logs/",
    ).run()
"""


def test_datatrove_goes_on_after_a_kill(tmp_path: Path) -> None:
    found = records(24)
    for number in range(2):
        write_jsonl(tmp_path / "in" / f"{number}.jsonl", found[number * 12 : number * 12 + 12])
    program = tmp_path / "program.py"
    program.write_text(DATATROVE.replace("SLEEP", "0.5"))
    command = [sys.executable, str(program)]
    done_mark = tmp_path / "logs" / "completions" / "00000"
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        for _ in range(600):
            if done_mark.exists():
                break
            time.sleep(0.05)
        time.sleep(0.7)
        os.killpg(process.pid, signal.SIGKILL)
    assert done_mark.exists()
    assert not done_mark.with_name("00001").exists()
    first = tmp_path / "out" / "00000.jsonl"
    written = first.stat().st_mtime_ns
    program.write_text(DATATROVE.replace("SLEEP", "0"))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert first.stat().st_mtime_ns == written
    out = [one for number in range(2) for one in read_jsonl(tmp_path / "out" / f"0000{number}.jsonl")]
    assert [one["text"] for one in out] == [cleaner.clean(one["text"]) for one in found]


def test_arrow_batches_and_tables() -> None:
    table = pa.table({"id": range(30), "text": [one["text"] for one in records(30)]})
    step = clean_arrow(removed="removed")
    before: list[Any] = table.column("text").to_pylist()
    out = step(table)
    assert out.schema.equals(step.schema(table.schema))
    assert out.column("text").to_pylist() == [cleaner.clean(text) for text in before]
    assert table.column("text").to_pylist() == before
    for size in (1, 7):
        pieces = list(step.batches(table.to_batches(max_chunksize=size)))
        assert pa.Table.from_batches(pieces) == out
    assert clean_arrow(min_words=10_000)(table).num_rows == 0
    assert step(table.slice(0, 0)).num_rows == 0
    with pytest.raises(CleanerError, match="no column 'body'; there are 'id', 'text'"):
        clean_arrow("body")(table)
    with pytest.raises(CleanerError, match="text: row 2: invalid UTF-8: byte 0xff at 0"):
        clean_arrow()(pa.table({"text": pa.array([b"ok", b"\xff"]).view(pa.string())}))


def test_pandas_and_polars_keep_what_is_missing() -> None:
    from cleaner.integrations.pandas import clean_series
    from cleaner.integrations.polars import clean_text

    series = pd.Series([DIRTY, None, ""], index=[5, 6, 7], name="text")
    out = clean_series(series)
    assert out.index.equals(series.index)
    assert out.dtype == series.dtype
    assert (out.name, out[5], out[7], bool(out.isna()[6])) == ("text", CLEAN, "", True)
    frame = pl.DataFrame({"text": [DIRTY, None, ""], "n": [1, 2, 3]})
    assert frame.select(clean_text("text"))["text"].to_list() == [CLEAN, None, ""]
    lazy = frame.lazy().with_columns(clean_text(pl.col("text")).alias("clean")).collect()
    assert lazy["clean"].to_list() == [CLEAN, None, ""]


def test_sklearn_transformer() -> None:
    from sklearn.base import clone
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import make_pipeline

    from cleaner.integrations.sklearn import TextCleaner

    transformer = clone(TextCleaner(Config(keep={"share"})))
    assert transformer.get_params()["config"] == Config(keep={"share"})
    assert transformer.transform([DIRTY]) == [cleaner.Cleaner(Config(keep={"share"})).clean(DIRTY)]
    pipeline = make_pipeline(TextCleaner(), CountVectorizer()).fit([DIRTY])
    assert "advertisement" not in pipeline[-1].vocabulary_
    assert pickle.loads(pickle.dumps(pipeline)).transform([DIRTY]).sum() > 0


def test_langchain_and_haystack_with_sites(tmp_path: Path) -> None:
    from haystack import Document as Paper
    from haystack import Pipeline
    from langchain_core.documents import Document

    from cleaner.integrations.haystack import CruftCleaner
    from cleaner.integrations.langchain import CruftTransformer

    path = tmp_path / "sites.toml"
    path.write_text(SITES)
    documents = [
        Document(TIDE, metadata={"source": f"https://{host}/1"}) for host in ("www.harbour.example", "b.example")
    ]
    out = CruftTransformer(Config(sites=(path,)), removed="gone").transform_documents(documents)
    assert [len(one.page_content.splitlines()) for one in out] == [1, 2]
    assert [len(one.metadata["gone"]) for one in out] == [1, 0]
    assert "gone" not in documents[0].metadata

    pipeline = Pipeline()
    pipeline.add_component("cleaner", CruftCleaner(settings={"sites": [str(path)]}))
    pipeline = Pipeline.loads(pipeline.dumps(), allowed_modules=["cleaner.integrations.haystack"])
    papers = [Paper(content=TIDE, meta={"url": "http://harbour.example/"}), Paper(content=None)]
    found = pipeline.run({"cleaner": {"documents": papers}})["cleaner"]["documents"]
    assert found[0].content == TIDE.splitlines(keepends=True)[0]
    assert found[1].content is None
    assert papers[0].content == TIDE


def test_sites_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_text(SITES)
    urls = ("https://harbour.example/1", "https://news.harbour.example/2", "https://other.example/3", None)
    (tmp_path / "in.jsonl").write_bytes(lines_of([{"url": url, "text": TIDE} for url in urls]))
    out = tmp_path / "out.jsonl"
    from cleaner.cli import main

    assert (
        main(
            [
                "run",
                str(tmp_path / "in.jsonl"),
                "-o",
                str(out),
                "--url-field",
                "url",
                "--sites",
                str(tmp_path / "sites.toml"),
            ]
        )
        == 0
    )
    assert [len(one["text"].splitlines()) for one in read_jsonl(out)] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("module", "missing", "extra"),
    [
        ("datatrove", "datatrove", "datatrove"),
        ("haystack", "haystack", "haystack"),
        ("langchain", "langchain_core", "langchain"),
        ("sklearn", "sklearn", "sklearn"),
    ],
)
def test_a_missing_extra_is_named(module: str, missing: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    for name in list(sys.modules):
        if name == missing or name.startswith((f"{missing}.", f"cleaner.integrations.{module}")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError) as caught:
        importlib.import_module(f"cleaner.integrations.{module}")
    assert str(caught.value) == f"cleaner.integrations.{module} needs {missing}: pip install 'article-cleaner[{extra}]'"


def test_nothing_is_loaded_that_is_not_asked_for() -> None:
    program = (
        "import sys, cleaner, cleaner.cli; cleaner.clean('Advertisement'); import cleaner.integrations.datasets, cleaner.integrations.pandas;"
        "print([name for name in ('datasets', 'datatrove', 'haystack', 'langchain_core', 'orjson', 'pandas', 'polars', 'pyarrow',"
        " 'pyspark', 'ray', 'sklearn', 'multiprocessing') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []
