"""What cleaning depends on beside the text, as one number: caches and continued runs are good only as long as it stays."""

from __future__ import annotations

import pickle
from hashlib import blake2b
from pathlib import Path

import cleaner
from cleaner.config import Config


def fingerprint(config: Config) -> str:
    """Return the same for the same version, tables, settings and contents of rule files; something else for others."""
    package = Path(cleaner.__file__).parent
    digest = blake2b(cleaner.__version__.encode(), digest_size=16)
    for path in (
        *sorted(package.glob("_table*")),
        *sorted((package / "data").glob("*")),
        *map(Path, (*config.rules, *config.sites)),
    ):
        try:
            digest.update(path.read_bytes())
        except OSError:
            digest.update(b"?")  # said when the cleaner is made
    digest.update(pickle.dumps(config, protocol=4))
    return digest.hexdigest()
