"""Scenes: landscapes, towns, skies and animals."""

from engine.sample.kind import Kind
from engine.sample.scenes import (
    birds,
    fields,
    homes,
    lakes,
    meadow_animals,
    night_city,
    night_sky,
    parks,
    pets,
    rivers,
    sea,
    skies,
    storms,
    streets,
    underwater,
    wild,
    winter,
)

SCENES: tuple[Kind, ...] = (
    *sea.KINDS,
    *lakes.KINDS,
    *rivers.KINDS,
    *underwater.KINDS,
    *wild.KINDS,
    *fields.KINDS,
    *parks.KINDS,
    *winter.KINDS,
    *night_city.KINDS,
    *night_sky.KINDS,
    *streets.KINDS,
    *homes.KINDS,
    *skies.KINDS,
    *storms.KINDS,
    *pets.KINDS,
    *birds.KINDS,
    *meadow_animals.KINDS,
)
