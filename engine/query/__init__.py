"""What the person means: terms, weights, feedback; how images are scored under them."""

from engine.query.advice import Advice, Answer, advise
from engine.query.alike.duplicate_groups import Duplicate, DuplicateGroup, DuplicateReport
from engine.query.alike.duplicates import DuplicateFinder
from engine.query.language.filter_language import filter_text
from engine.query.language.language import parse_query, query_text
from engine.query.language.terms import Query, QueryError, Term
from engine.query.parts.heat import HeatMap
from engine.query.results import Hit, ResultPage, TermShare
from engine.query.scores.calibration import Verdict
from engine.query.scores.neutral import NeutralStore
from engine.query.scores.variety import Variety
from engine.query.searcher import Searcher
from engine.query.taught.taste import Taste
from engine.query.upkeep import Upkeep
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
