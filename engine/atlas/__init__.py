"""A map of the whole library: what is alike lies together, in clusters that have names."""

from engine.atlas.atlas import Atlas, Cluster
from engine.atlas.maker import AtlasMaker

__all__ = ["Atlas", "AtlasMaker", "Cluster"]
