"""Dominant colours of a picture, and names for colours.

Distances are taken in OKLab (Ottosson, "A perceptual color space for image processing", 2020), in
which equal distances look about equally large: 0.02 can just be seen, black and white are 1 apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

Lab = npt.NDArray[np.float64]

_SIDE = 64  # pixels of the picture that is looked at
_BITS = 5  # of each channel
_LEAST = 0.05  # share of a picture
_MOST = 6  # colours of a picture
_BACKDROP = 0.75  # share of the border that is of one colour
_EVEN = 0.1  # distance within a backdrop
SAME = 0.08
"""Distance up to which a colour is taken for another that was picked."""

COLOURED = 0.2
"""Share of a picture from which on it is of a colour."""

_SHOWN = 0.03  # share of the picture; with less, the backdrop is what is shown
_HUE = np.array([1.0, 3.0, 3.0])  # people name by hue before they name by lightness

_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    # A family, its shades, and what they look like on things, which is duller than on a screen.
    "black": {"black": ("#0a0a0a", "#202020"), "charcoal": ("#383838",)},
    "grey": {"grey": ("#808080", "#646464"), "silver": ("#b8b8b8",)},
    "white": {"white": ("#ffffff", "#e6e6e6"), "cream": ("#f8f1df",)},
    "red": {"red": ("#d8232a", "#b81c24"), "burgundy": ("#6b1a2b",), "coral": ("#f0705c",)},
    "orange": {"orange": ("#f28020",), "rust": ("#a8481c",), "peach": ("#f8c4a0",)},
    "yellow": {"yellow": ("#f8d820",), "mustard": ("#c89a20",), "gold": ("#d8b050",)},
    "green": {
        "green": ("#2a8a3c", "#50a848"),
        "lime": ("#a8d830",),
        "olive": ("#6a6a34",),
        "mint": ("#a8e0c4",),
        "forest": ("#1c4428",),
    },
    "blue": {
        "blue": ("#2058c0", "#3c78d0"),
        "navy": ("#1c2648", "#2a3350", "#242e5c"),
        "sky": ("#88c0e8",),
        "teal": ("#187878",),
        "turquoise": ("#40c8c4",),
        "denim": ("#546c8c",),
    },
    "purple": {"purple": ("#703090",), "lavender": ("#b8a4d8",), "plum": ("#502848",)},
    "pink": {"pink": ("#f4a8c0",), "magenta": ("#d82888",), "rose": ("#c87888",)},
    "brown": {"brown": ("#6a4428",), "tan": ("#b88c60",), "chocolate": ("#3c261a",)},
    "beige": {"beige": ("#dcc8a8",), "khaki": ("#a89c78",)},
}
FAMILIES = tuple(_NAMES)
"""Names of families of shades; together they are all colours."""

_FAMILY_OF = {shade: family for family, shades in _NAMES.items() for shade in shades}
_ALSO = {"gray": "grey", "violet": "purple", "maroon": "burgundy", "cyan": "turquoise"}


@dataclass(frozen=True)
class Colour:
    """One of the dominant colours of a picture.

    Attributes:
        name: the shade that it comes nearest to.
        lab: lightness, green to red, blue to yellow in OKLab.
        share: of the picture without its backdrop, 0 to 1.
    """

    name: str
    lab: tuple[float, float, float]
    share: float


def family_bits(colours: Iterable[Colour]) -> int:
    """Families of which a picture is, as bits: the lowest one is the first of `FAMILIES`."""
    shares = defaultdict[str, float](float)
    for colour in colours:
        shares[_FAMILY_OF[colour.name]] += colour.share
    return sum(1 << place for place, name in enumerate(FAMILIES) if shares[name] >= COLOURED)


def dominant_colours(image: Image.Image) -> tuple[Colour, ...]:
    """The colours that make up a picture, largest share first.

    An even backdrop, as behind products in a shop, is no colour of what is shown.

    Args:
        image: mode RGB.
    """
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    cells = np.asarray(small).astype(np.int64) >> (8 - _BITS)
    codes = (cells[..., 0] << 2 * _BITS) | (cells[..., 1] << _BITS) | cells[..., 2]
    table = _cells()
    is_shown = ~_is_backdrop(table.lab[codes])
    shown = codes[is_shown] if is_shown.mean() >= _SHOWN else codes.ravel()
    names, lab = table.names[shown], table.lab[shown]
    counts = np.bincount(names, minlength=len(_SHADE_NAMES))
    found = []
    for shade in np.argsort(-counts, kind="stable")[:_MOST]:
        share = float(counts[shade] / len(shown))
        if share >= _LEAST:
            lightness, a, b = lab[names == shade].mean(axis=0).tolist()
            found.append(Colour(_SHADE_NAMES[shade], (lightness, a, b), share))
    return tuple(found)


def named_colour(name: str) -> tuple[str, ...] | None:
    """The shades that a name stands for: a family's own and its others; None if unknown."""
    name = _ALSO.get(name.casefold(), name.casefold())
    if name in _NAMES:
        return tuple(_NAMES[name])
    return (name,) if name in _SHADES else None


def colour_names() -> tuple[str, ...]:
    """Every name that is understood."""
    return tuple(dict.fromkeys([*_NAMES, *_SHADES, *_ALSO]))


def swatch(name: str) -> str | None:
    """What a colour looks like, `#rrggbb`; a family as the shade of its name. None if unknown."""
    if hex_lab(name) is not None:
        digits = name.removeprefix("#").casefold()
        return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)
    shades = named_colour(name)
    return _SHADES[shades[0]][0] if shades else None


def oklab(rgb: npt.NDArray[np.float64]) -> Lab:
    """sRGB [n, 3], 0 to 255, in OKLab [n, 3]."""
    levels = np.asarray(rgb, dtype=np.float64) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T


def hex_lab(code: str) -> tuple[float, float, float] | None:
    """`#rrggbb` or `#rgb` in OKLab; None if it is neither."""
    digits = code.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    if not code.startswith("#") or len(digits) != 6:
        return None
    try:
        lightness, a, b = oklab(np.array([list(bytes.fromhex(digits))], dtype=np.float64))[0]
    except ValueError:
        return None
    return float(lightness), float(a), float(b)


def _is_backdrop(lab: Lab) -> npt.NDArray[np.bool_]:
    """Which pixels have the colour of an even backdrop, bool [height, width]."""
    border = np.concatenate([lab[0], lab[-1], lab[1:-1, 0], lab[1:-1, -1]])
    middle = np.median(border, axis=0)
    is_even = (np.linalg.norm(border - middle, axis=1) < _EVEN).mean() >= _BACKDROP
    if not is_even:
        return np.zeros(lab.shape[:2], dtype=np.bool_)
    return np.linalg.norm(lab - middle, axis=2) < _EVEN


@dataclass(frozen=True)
class _Cells:
    """Every colour of `_BITS` bits a channel: in OKLab, and the shade it comes nearest to."""

    lab: Lab
    names: npt.NDArray[np.int64]


@cache
def _cells() -> _Cells:
    levels = (np.arange(1 << _BITS) + 0.5) * (256 >> _BITS)
    rgb = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = oklab(rgb)
    prototypes = np.array([hex_lab(code) for codes in _SHADES.values() for code in codes])
    owners = np.repeat(np.arange(len(_SHADES)), [len(codes) for codes in _SHADES.values()])
    ours, theirs = lab * _HUE, prototypes * _HUE
    apart = (theirs**2).sum(axis=1) - 2 * ours @ theirs.T  # squared, less what all have
    return _Cells(lab, owners[apart.argmin(axis=1)])


_SHADES = {shade: codes for shades in _NAMES.values() for shade, codes in shades.items()}
_SHADE_NAMES = list(_SHADES)
