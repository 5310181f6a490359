"""What goes wrong in an export."""


class ExportError(Exception):
    """An export that cannot be done; the message says why and what to do."""
