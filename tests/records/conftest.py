from __future__ import annotations

import os
from importlib.util import find_spec

# Records need libraries that texts don't. Where all tests have to run, a missing one is an error, not a reason to leave some out.
if os.environ.get("CLEANER_ALL_TESTS") != "1" and not all(
    map(find_spec, ("fastwarc", "orjson", "pyarrow", "zstandard"))
):
    collect_ignore_glob = ["test_*.py"]
