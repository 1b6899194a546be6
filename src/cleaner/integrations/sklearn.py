"""scikit-learn: ``make_pipeline(TextCleaner(), TfidfVectorizer(), ...)``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from cleaner.config import Config
from cleaner.extras import load
from cleaner.integrations._step import Step

load("sklearn.base", "sklearn", "cleaner.integrations.sklearn")

from sklearn.base import BaseEstimator, TransformerMixin  # noqa: E402  # named above if it is missing


class TextCleaner(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # classes without types
    """A transformer from texts to clean texts. There is nothing to fit.

    Args:
        config: of the cleaner.
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config

    def fit(self, texts: Iterable[str], labels: Any = None) -> Self:
        """Do nothing."""
        del texts, labels
        return self

    def transform(self, texts: Iterable[str]) -> list[str]:
        """Return the clean texts."""
        step = Step(config=self.config)
        return [step.clean(text)[0].text for text in texts]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags
