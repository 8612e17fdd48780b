"""The inside of a backup: a tar file, compressed, written and read as a stream."""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Protocol

from betterwork.foundation.backup.envelope import BLOCK, GZIP_HEAD
from betterwork.foundation.backup.rules import BadBackup

_FAST = 1  # rows are mostly base64 of what is compressed or encrypted: more work gains little


class Sink(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Write some."""

    def close(self) -> None:
        """Nothing comes after."""


class Source(Protocol):
    """Gives bytes."""

    def read(self, most: int, /) -> bytes:
        """Some bytes; none at the end."""


class _Zip:
    """What goes into a sink, compressed. Always with the same head, so that a change in it is found."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._crc, self._size = sink, 0, 0
        self.abandoned = False
        self._deflate = zlib.compressobj(_FAST, zlib.DEFLATED, -15)
        sink.write(GZIP_HEAD)

    def write(self, data: bytes) -> int:
        if self.abandoned:
            return len(data)
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._sink.write(self._deflate.compress(data))
        return len(data)

    def close(self) -> None:
        self._sink.write(self._deflate.flush() + struct.pack("<II", self._crc, self._size & 0xFFFFFFFF))
        self._sink.close()


class _Unzip:
    """What comes out of a source, unpacked, never more than was asked for."""

    def __init__(self, source: Source) -> None:
        self._source, self._crc, self._size = source, 0, 0
        self._inflate = zlib.decompressobj(-15)
        self._packed = self._source_exactly(len(GZIP_HEAD))
        if self._packed != GZIP_HEAD:
            raise BadBackup("this is no backup of an instance")
        self._packed = b""

    def read(self, most: int) -> bytes:
        while not self._inflate.eof:
            if not self._packed:
                self._packed = self._source.read(BLOCK)
                if not self._packed:
                    raise BadBackup("this backup is cut off. Nothing was changed here")
            data = self._inflate.decompress(self._packed, most)
            self._packed = self._inflate.unconsumed_tail
            if data:
                self._crc = zlib.crc32(data, self._crc)
                self._size += len(data)
                return data
        return b""

    def finish(self) -> None:
        """Read to the end, and see that it is the end."""
        while self.read(BLOCK):
            pass
        tail = self._inflate.unused_data
        while data := self._source.read(BLOCK):
            tail += data
        if tail != struct.pack("<II", self._crc, self._size & 0xFFFFFFFF):
            raise BadBackup("this backup was changed. Nothing was changed here")

    def _source_exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count and (data := self._source.read(count - len(found))):
            found += data
        return found


class Writer:
    """Writes members one after the other."""

    def __init__(self, sink: Sink) -> None:
        self._zip = _Zip(sink)
        self._tar = tarfile.open(  # type: ignore[call-overload]  # noqa: SIM115 - close() closes it
            fileobj=self._zip, mode="w|", format=tarfile.PAX_FORMAT
        )

    def add(self, name: str, data: bytes) -> None:
        """A member that is in memory."""
        self.stream(name, len(data), [data])

    def stream(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        """A member of which the size is known. Raises EOFError when the chunks are fewer or more bytes than that."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, _Chunks(chunks, size))
        self._tar.members = []  # tarfile keeps every one in memory

    def abandon(self) -> None:
        """Write nothing more: tarfile writes what it still holds whenever Python throws it away."""
        self._zip.abandoned = True

    def close(self) -> None:
        """Write the end."""
        self._tar.close()
        self._zip.close()


class _Chunks(io.RawIOBase):
    """Chunks as a file, for tarfile, which reads exactly ``size`` bytes."""

    def __init__(self, chunks: Iterable[bytes], size: int) -> None:
        self._chunks, self._held, self._left = iter(chunks), memoryview(b""), size

    def read(self, most: int = -1) -> bytes:
        found = bytearray()
        wanted = self._left if most < 0 else min(most, self._left)
        while len(found) < wanted:
            if not self._held:
                data = next(self._chunks, None)
                if data is None:
                    raise EOFError("the file is shorter than it was")
                self._held = memoryview(bytes(data))
            part = self._held[: wanted - len(found)]
            found += part
            self._held = self._held[len(part) :]
        self._left -= len(found)
        return bytes(found)


class Reader:
    """Reads members one after the other; what one holds must be read before the next is asked for."""

    def __init__(self, source: Source) -> None:
        self._unzip = _Unzip(source)

    def members(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """(name, size, chunks) of each. Raises :class:`BadBackup`, at the end also for what follows it."""
        try:
            with tarfile.open(fileobj=self._unzip, mode="r|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
                while (member := tar.next()) is not None:
                    if not member.isreg():
                        raise BadBackup(f"this backup holds a member that is no file: {member.name}")
                    content = tar.extractfile(member)
                    assert content is not None
                    yield member.name, member.size, iter(partial(content.read, BLOCK), b"")
                    tar.members = []
            self._unzip.finish()
        except (tarfile.TarError, zlib.error, EOFError) as error:
            raise BadBackup("this backup was changed or is cut off. Nothing was changed here") from error
