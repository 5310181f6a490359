"""Products: things to wear, to use, to eat and to play with."""

from engine.sample.kind import Kind
from engine.sample.products import (
    bags,
    berries,
    clocks,
    clothing,
    desk,
    footwear,
    fruit,
    furniture,
    gifts,
    home,
    seats,
    tableware,
    toys,
    treats,
    warm,
    worn,
)

PRODUCTS: tuple[Kind, ...] = (
    *clothing.KINDS,
    *warm.KINDS,
    *footwear.KINDS,
    *bags.KINDS,
    *worn.KINDS,
    *clocks.KINDS,
    *tableware.KINDS,
    *home.KINDS,
    *seats.KINDS,
    *furniture.KINDS,
    *fruit.KINDS,
    *berries.KINDS,
    *treats.KINDS,
    *toys.KINDS,
    *desk.KINDS,
    *gifts.KINDS,
)
