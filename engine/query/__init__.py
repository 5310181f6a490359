"""What the person means: terms, weights, feedback; how images are scored under them."""

from engine.query.results import Hit, ResultPage, TermShare
from engine.query.searcher import Searcher
from engine.query.terms import Query, QueryError, Term
from engine.query.view import LibraryView

__all__ = [
    "Hit",
    "LibraryView",
    "Query",
    "QueryError",
    "ResultPage",
    "Searcher",
    "Term",
    "TermShare",
]
