"""Tables of the library, in SQLAlchemy Core, so that another database is a URL away."""

import re
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

SCHEMA = 3
metadata = MetaData()

_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in INTEGER keys


class PathText(TypeDecorator[str]):
    """A path as text, also where its bytes are not UTF-8.

    Python shows such a byte as a lone surrogate, which no database accepts as text. It is stored
    as `//` and two hex digits: an absolute, normalised path never holds two slashes in a row.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Python to database."""
        if value is None:
            return None
        return re.sub("[\udc80-\udcff]", lambda found: f"//{ord(found[0]) - 0xDC00:02X}", value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Database to Python."""
        if value is None:
            return None
        return re.sub("//([0-9A-F]{2})", lambda found: chr(0xDC00 + int(found[1], 16)), value)


meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

folders = Table("folders", metadata, Column("path", PathText, primary_key=True))

images = Table(
    "images",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("path", PathText, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("vector_row", BigInteger, nullable=False),
    Column("added_at", Float, nullable=False),
    # The generation in which the image got its present vector.
    Column("changed_in", BigInteger, nullable=False, server_default="0"),
    # The time of the file with it: who joins details by digest needs no more of an image.
    Index("images_digest_time", "digest", "mtime_ns"),
    # Holds all that a search needs to know of every image, so that it is read without the rest.
    Index("images_changed", "changed_in", "id", "vector_row"),
    sqlite_autoincrement=True,  # an id is never given twice, so that old links cannot mislead
)

removed = Table(
    "removed",
    metadata,
    Column("image_id", _Id, primary_key=True),
    Column("removed_in", BigInteger, nullable=False),
    Index("removed_in", "removed_in"),
)

skipped = Table(
    "skipped",
    metadata,
    Column("path", PathText, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("query_key", String(64), primary_key=True),
    Column("image_id", _Id, ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Index("feedback_image", "image_id"),  # or each image that is removed would look through all
)

# What was asked where thumbs were given; feedback under other keys was given to pictures.
questions = Table(
    "questions",
    metadata,
    Column("query_key", String(64), primary_key=True),
    Column("question", Text, nullable=False),
)

duplicates = Table(
    "duplicates",
    metadata,
    Column("image_id", _Id, ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    # The id of the group's best image; no foreign key: the others stay alike when it goes.
    Column("group_id", _Id, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("similarity", Float, nullable=False),
    # `changed_in` of the image when it was compared: with another one the row means nothing.
    Column("version", BigInteger, nullable=False),
    Index("duplicates_group", "group_id"),
)

looks = Table(
    "looks",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("hash", BigInteger),  # NULL: there is too little in the picture to hash it
)

# What a file's content says of itself; see `engine.metadata`.
details = Table(
    "details",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("version", Integer, nullable=False),  # of what is read; another one is read anew
    Column("taken", Float),
    Column("camera", Text),
    Column("lens", Text),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("families", Integer),  # of colours, as bits; NULL: from before, `colours` has them
    sqlite_with_rowid=False,  # kept by digest, so that they are joined in one go, and are smaller
)

colours = Table(
    "colours",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("share", Float, nullable=False),
    Column("lightness", Float, nullable=False),
    Column("a", Float, nullable=False),
    Column("b", Float, nullable=False),
    Index("colours_name", "name", "share", "digest"),
    sqlite_with_rowid=False,
)

# Keywords, titles and the like that stand in files; `attributes` has a copy for every image.
written = Table(
    "written",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What is known of images by name: tags, captions, prices. A column may have several values. Those
# from the image's own file have places below 0; the others were imported, or given in the app.
attributes = Table(
    "attributes",
    metadata,
    Column("image_id", _Id, ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),  # without regard to case
    Column("number", Float),  # where the text is one
    Index("attributes_value", "name", "folded", "image_id"),  # counts images without their rows
    Index("attributes_number", "name", "number"),
)

# What stands in an image's file and was taken off the image in the app. By image: a copy of the
# file keeps it, and a file that says it again after a change does not bring it back.
taken_off = Table(
    "taken_off",
    metadata,
    Column("image_id", _Id, ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("text", Text, primary_key=True),
    sqlite_with_rowid=False,
)
