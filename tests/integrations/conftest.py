from __future__ import annotations

import os
from importlib.util import find_spec

NEEDED = ("datasets", "datatrove", "haystack", "langchain_core", "orjson", "pandas", "polars", "pyarrow", "pyspark", "ray", "sklearn")  # fmt: skip

# The engines are large. Where all tests have to run, a missing one is an error, not a reason to leave some out.
if os.environ.get("CLEANER_ALL_TESTS") != "1" and not all(map(find_spec, NEEDED)):
    collect_ignore_glob = ["test_*.py"]
