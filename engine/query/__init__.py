"""What the person means: terms, weights, feedback; how images are scored under them."""

from engine.query.advice import Advice, Answer, advise
from engine.query.calibration import Verdict
from engine.query.duplicate_groups import Duplicate, DuplicateGroup, DuplicateReport
from engine.query.duplicates import DuplicateFinder
from engine.query.filter_language import filter_text
from engine.query.heat import HeatMap
from engine.query.language import parse_query, query_text
from engine.query.neutral import NeutralStore
from engine.query.results import Hit, ResultPage, TermShare
from engine.query.searcher import Searcher
from engine.query.taste import Taste
from engine.query.terms import Query, QueryError, Term
from engine.query.upkeep import Upkeep
from engine.query.variety import Variety
from engine.query.view import LibraryView

__all__ = [
    "Advice",
    "Answer",
    "Duplicate",
    "DuplicateFinder",
    "DuplicateGroup",
    "DuplicateReport",
    "HeatMap",
    "Hit",
    "LibraryView",
    "NeutralStore",
    "Query",
    "QueryError",
    "ResultPage",
    "Searcher",
    "Taste",
    "Term",
    "TermShare",
    "Upkeep",
    "Variety",
    "Verdict",
    "advise",
    "filter_text",
    "parse_query",
    "query_text",
]
