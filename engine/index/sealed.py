"""Files of an index that count together: a header, written last, names them and their digests."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from engine.files import replacing
from engine.machine import usable_cores

PIECE, _BLOCK = 8 * 2**20, 2**19


def seal(
    folder: Path,
    name: str,
    header: Mapping[str, Any],
    writers: Mapping[str, Callable[[Path], None]],
) -> None:
    """Write the files of an index, in place of those written before.

    Args:
        folder: where; made if it is missing.
        name: of the backend; header and files begin with it.
        header: plain values to keep beside them.
        writers: for each suffix what writes the file. It has to fail on a full disk.

    Raises:
        OSError: a file cannot be written; what was there before still counts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(4)
    files = {suffix: folder / f"{name}.{token}{suffix}" for suffix in writers}
    try:
        for suffix, write in writers.items():
            write(files[suffix])
        sealed = {suffix: [file.name, _digest(file)] for suffix, file in files.items()}
        with replacing(folder / f"{name}.json") as part:
            part.write_text(json.dumps({**header, "files": sealed}), encoding="utf-8")
    except BaseException:
        for file in files.values():
            file.unlink(missing_ok=True)
        raise
    for old in folder.glob(f"{name}.*"):
        if old.name != f"{name}.json" and old not in files.values():
            old.unlink(missing_ok=True)


def unseal(folder: Path, name: str, dim: int) -> tuple[dict[str, Any], dict[str, Path]]:
    """The header and the file of each suffix, all of them as they were written.

    Raises:
        OSError: a file is missing.
        ValueError: a file is damaged, or the vectors are not `dim` wide.
    """
    path = folder / f"{name}.json"
    try:
        header = json.loads(path.read_text(encoding="utf-8"))
        found = {suffix: folder / file for suffix, (file, _) in header["files"].items()}
        digests = {suffix: digest for suffix, (_, digest) in header["files"].items()}
        stored = header["dim"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path}: damaged") from error
    if stored != dim:
        raise ValueError(f"{path}: vectors of {stored}, expected {dim}")
    for suffix, file in found.items():
        if _digest(file) != digests[suffix]:  # the libraries would crash on it
            raise ValueError(f"{file}: damaged")
    return header, found


def _digest(file: Path) -> str:
    """SHA-256 of the SHA-256 of each piece: several threads can work on one file."""
    pieces = range(0, file.stat().st_size, PIECE)

    def of(first: int) -> bytes:
        digest, block = hashlib.sha256(), memoryview(bytearray(_BLOCK))
        with file.open("rb", buffering=0) as stream:
            stream.seek(first)
            for _ in range(PIECE // _BLOCK):
                digest.update(block[: stream.readinto(block)])
        return digest.digest()

    with ThreadPoolExecutor(min(4, usable_cores())) as pool:
        return hashlib.sha256(b"".join(pool.map(of, pieces))).hexdigest()
