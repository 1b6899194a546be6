"""Steps for the engines that people run already, a thin module each. None is loaded unless it is imported.

Every step is stateless and deterministic, gives the same as ``cleaner run``, and pickles small: it is sent as its
settings and compiled where it works. Its pickle stays the same as long as its output would.
"""

from __future__ import annotations
