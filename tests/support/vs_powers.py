"""Run code with fewer powers: file permissions that count for root too, and a full disk."""

import ctypes
import resource
import runpy
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_OVERRIDE = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets root read every file
_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Powers(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextmanager
def file_permissions_count() -> Generator[None]:
    """In this thread, and in those it starts, root is held to the permissions of files."""
    before = _effective()
    _set_effective(before & ~_OVERRIDE)
    try:
        yield
    finally:
        _set_effective(before)


@contextmanager
def files_no_larger_than(size: int) -> Generator[None]:
    """Writing past `size` bytes of a file fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _effective() -> int:
    return int(_read()[0].effective)


def _set_effective(wanted: int) -> None:
    powers = _read()
    powers[0].effective = wanted
    _call("capset", powers)


def _read() -> ctypes.Array[_Powers]:
    powers = (_Powers * 2)()
    _call("capget", powers)
    return powers


def _call(name: str, powers: ctypes.Array[_Powers]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(ctypes.byref(_Header(_VERSION_3, 0)), powers) != 0:
        raise OSError(ctypes.get_errno(), f"{name} failed")


if __name__ == "__main__":  # vs_powers.py MODULE ARGUMENT...: `python -m MODULE`, held so
    sys.path.insert(0, str(Path.cwd()))
    del sys.argv[0]
    with file_permissions_count():
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
