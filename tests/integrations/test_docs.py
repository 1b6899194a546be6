"""The examples of docs/pipelines.md against the real engines, on a real folder of Parquet files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner.cli import main
from tests.records.made import Record, read_jsonl, records, write_parquet

DOCS = Path(__file__).parents[2] / "docs" / "pipelines.md"
EXAMPLES = dict(
    re.findall(r"<!-- example: (\w+) -->\n```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    found = records(90, paragraphs=2)
    for number in range(3):
        write_parquet(folder / "news" / f"part-{number}.parquet", found[number * 30 : number * 30 + 30])
    return folder


@pytest.fixture(scope="module")
def expected(news: Path) -> dict[int, str]:
    assert (
        main(["run", str(news / "news"), "-o", f"{news}/by-command/", "--quiet", "--jobs", "1", "--url-field", "url"])
        == 0
    )
    return texts(pq.read_table(news / "by-command").to_pylist())


def texts(rows: list[Record]) -> dict[int, str]:
    found = {int(row["id"]): row["text"] for row in rows}
    assert len(found) == len(rows)
    return found


def execute(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = folder / f"{name}_example.py"
    program.write_text(EXAMPLES[name], encoding="utf-8")
    environment = {
        **os.environ,
        "HF_HOME": str(folder / "hf"),
        "HF_DATASETS_CACHE": str(folder / "hf" / name),
        "HF_HUB_OFFLINE": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, str(program)], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_example(name: str, news: Path, expected: dict[int, str], tmp_path: Path) -> None:
    (tmp_path / "news").symlink_to(news / "news", target_is_directory=True)
    execute(name, tmp_path)
    if name == "datatrove":
        rows = [row for path in sorted((tmp_path / "clean").glob("*.jsonl")) for row in read_jsonl(path)]
        found = {int(row["metadata"]["url"].rpartition("/")[2]): row["text"] for row in rows}
        assert (len(rows), found) == (90, expected)
        assert any(one["category"] == "advertising" for row in rows for one in row["metadata"]["removed"])
        stats = json.loads((tmp_path / "logs" / "stats.json").read_text())
        (ours,) = (one["stats"] for one in stats if "Cruft" in one["name"])
        assert ours["total"] == ours["forwarded"] == 90
        assert ours["advertising"] == sum(
            one["category"] == "advertising" for row in rows for one in row["metadata"]["removed"]
        )
    elif name in ("ray", "spark"):
        table = pq.read_table(tmp_path / "clean")
        assert texts(table.to_pylist()) == expected
    elif name in ("datasets", "pandas", "polars"):
        table = pq.read_table(tmp_path / "clean.parquet")
        assert texts(table.to_pylist()) == expected
        if name == "datasets":
            assert pa.types.is_list(table.schema.field("removed").type)
