"""What training keeps of a picture: every statistic that an image head might read."""

from export.networks.pooling import group_width
from export.networks.sizes import POOLED_GROUPS, VisionSizes

WIDTHS = {group: group_width(group, VisionSizes()) for group in POOLED_GROUPS}
POOLED = sum(WIDTHS.values())


def pooled_slice(name: str) -> slice:
    """Where the group `name` lies in a pooled vector."""
    start = 0
    for group, width in WIDTHS.items():
        if group == name:
            return slice(start, start + width)
        start += width
    raise KeyError(f"no pooled group {name!r}; there are {list(WIDTHS)}")
