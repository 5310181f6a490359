"""The database and the files of a library: rows, vectors, thumbnails, and what keeps them whole."""
