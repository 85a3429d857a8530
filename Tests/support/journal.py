"""Reads a `.wandb` journal with nothing of ours: container by hand, records by W&B's own protobuf."""

import contextlib
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from wandb.proto.wandb_internal_pb2 import OutputRawRecord, Record

PREAMBLE = b":W&B\xe1\xbe\x00"
BLOCK = 32768
HEADER = struct.Struct("<IHB")
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


class JournalError(Exception):
    """The file is not what a reader of W&B's would accept whole."""


def run_files(track: Path) -> list[Path]:
    """The journals of all runs below this folder, where W&B's tools look for them."""
    return sorted(track.glob("wandb/*run-*-*/run-*.wandb"))


def payloads(data: bytes) -> Iterator[bytes]:
    """The records' bytes. Every chunk is checked; an unfinished tail is an error."""
    if data[:7] != PREAMBLE:
        raise JournalError(f"preamble {data[:7]!r}")
    parts, at = None, len(PREAMBLE)
    while at < len(data):
        if BLOCK - at % BLOCK < HEADER.size:
            at += BLOCK - at % BLOCK
            continue
        kind, body = _chunk(data, at)
        at += HEADER.size + len(body)
        if (kind in (FULL, FIRST)) != (parts is None):
            raise JournalError(f"chunk of type {kind} out of turn before offset {at}")
        parts = (parts or b"") + body
        if kind in (FULL, LAST):
            yield parts
            parts = None
    if parts is not None:
        raise JournalError("the last record is not complete")


def _chunk(data: bytes, at: int) -> tuple[int, bytes]:
    if at + HEADER.size > len(data):
        raise JournalError(f"half a chunk header at offset {at}")
    checksum, length, kind = HEADER.unpack_from(data, at)
    body = data[at + HEADER.size : at + HEADER.size + length]
    if len(body) < length:
        raise JournalError(f"half a chunk at offset {at}")
    if kind not in (FULL, FIRST, MIDDLE, LAST) or at % BLOCK + HEADER.size + length > BLOCK:
        raise JournalError(f"chunk of type {kind}, length {length} at offset {at}")
    if zlib.crc32(bytes([kind]) + body) != checksum:
        raise JournalError(f"wrong checksum at offset {at}")
    return kind, body


def records(path: Path) -> list[Record]:
    """All records of a journal that must be in order to its last byte."""
    return list(_decoded(path))


def records_so_far(path: Path) -> list[Record]:
    """The records in front of the place where a live or killed writer got to."""
    found = []
    with contextlib.suppress(JournalError):
        for record in _decoded(path):
            found.append(record)
    return found


def _decoded(path: Path) -> Iterator[Record]:
    for number, payload in enumerate(payloads(path.read_bytes()), start=1):
        record = Record.FromString(payload)
        # `wandb sync` panics on a record of no kind.
        if record.WhichOneof("record_type") is None:
            raise JournalError(f"record {number} is of no kind")
        yield record


def console(found: list[Record]) -> dict[str, str]:
    """What the run's console log holds, one text for each stream."""
    texts = {"stdout": [], "stderr": []}
    for record in found:
        if record.WhichOneof("record_type") == "output_raw":
            is_error = record.output_raw.output_type == OutputRawRecord.OutputType.STDERR
            texts["stderr" if is_error else "stdout"].append(record.output_raw.line)
    return {stream: "".join(lines) for stream, lines in texts.items()}


def kinds(found: list[Record]) -> list[str]:
    return [record.WhichOneof("record_type") for record in found]
