"""What a cleaner did, to look at: a page to review removals, and a playground to try things in.

``collect`` reads documents, ``view`` turns results into the data of a page, ``page`` puts page, style and script into one
file, ``serve`` is the playground. The browser's part is in ``assets/``.
"""

from __future__ import annotations

from cleaner.review.page import review_page
from cleaner.review.view import Reviewed, view_of

__all__ = ["Reviewed", "review_page", "view_of"]
