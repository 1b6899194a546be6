"""Documents in files: JSONL, Parquet and WARC in, cleaned records out, on all cores, with nothing lost.

How records flow: ``find`` names the files and where each goes; a format's reader (``jsonl``, ``parquet``, ``warc``) cuts a
file into chunks; ``pool`` has them worked on, here or in other processes, and gives them back in order; ``state``
writes them so that a run can be killed at any moment and continued; ``tally`` counts what happened; ``run`` is the loop around them.
"""

from __future__ import annotations
