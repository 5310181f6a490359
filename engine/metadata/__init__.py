"""What is known of images besides how they look: where, when, with what, and in which colours."""

from engine.metadata.colours import Colour, dominant_colours, named_colour, swatch
from engine.metadata.filters import Around, Between, FilterError, Is, Test, Where
from engine.metadata.histograms import Bar, DateRange, NumberRange
from engine.metadata.photo import PhotoFacts, photo_facts
from engine.metadata.written import Written, written

__all__ = [
    "Around",
    "Bar",
    "Between",
    "Colour",
    "DateRange",
    "FilterError",
    "Is",
    "NumberRange",
    "PhotoFacts",
    "Test",
    "Where",
    "Written",
    "dominant_colours",
    "named_colour",
    "photo_facts",
    "swatch",
    "written",
]
