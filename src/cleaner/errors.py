"""The errors that this package raises on purpose. Each message says what was wrong, where, and what was expected."""

from __future__ import annotations


class CleanerError(Exception):
    """Base of every error raised on purpose."""


class ConfigError(CleanerError, ValueError):
    """A setting that doesn't exist or has a value that can't be used."""


class RuleError(CleanerError, ValueError):
    """A rule file that can't be used: one line that names file, rule, key and what was expected."""

    def __init__(self, source: str, rule: str | None, key: str | None, problem: str) -> None:
        where = source
        if rule is not None:
            where += f": rule {rule}"
        if key is not None:
            where += f": {key}"
        super().__init__(f"{where}: {problem}")
        self.source = source
        self.rule = rule
        self.key = key
        self.problem = problem

    def __reduce__(self) -> tuple[type[RuleError], tuple[str, str | None, str | None, str]]:
        return type(self), (self.source, self.rule, self.key, self.problem)


class RuleTimeoutError(CleanerError):
    """A user's pattern that took longer on one document than ``Config.rule_timeout`` seconds allow."""


class MissingExtraError(CleanerError, ImportError):
    """A part of the package that needs an extra which isn't installed."""


class HtmlError(CleanerError, ValueError):
    """Bytes that were given as HTML and can't be: a compressed page, a PDF."""
