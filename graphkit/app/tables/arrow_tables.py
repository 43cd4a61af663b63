"""Rows as Arrow record batches. The only module that imports arro3, which the extra `portfolio` brings."""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from graphkit.app.failures import RequestError
from graphkit.app.tables.table_schema import TABLES
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from arro3.core import RecordBatch, Schema, Table

    from graphkit.app.tables.table_schema import Column

    Row = Sequence[object]
    ArrowTable: TypeAlias = Table
    ArrowBatch: TypeAlias = RecordBatch
    Batches: TypeAlias = Sequence[RecordBatch]
    Tables: TypeAlias = Mapping[str, Batches]
    """The record batches of each table, by its name."""

EXTRA_HINT: Final = "install it: pip install 'logseq-graphkit[portfolio]'"
ROW_GROUP_ROWS: Final = 122_880
"""Rows that a reader of Parquet takes at a time; the same as DuckDB's own."""
BATCH_ROWS: Final = 20_000
"""Rows of one record batch."""
_EPOCH: Final = 719_163
"""`date(1970, 1, 1).toordinal()`."""
_SURROGATE: Final = lazy_pattern("[\ud800-\udfff]")


def missing(library: str) -> RequestError:
    """The error for a library that an extra brings and that is not installed."""
    return RequestError(f"this needs {library}, which the extra `portfolio` brings", EXTRA_HINT)


def _arro3() -> Any:  # noqa: ANN401 - a module
    try:
        import arro3.core as library  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing("arro3-core") from error
    return library


def require_extra() -> None:
    """Raise RequestError if tables cannot be made and written because the extra is not installed."""
    parquet_bytes("vaults", ())


def arrow_schema(table: str, *, vault: bool = True) -> Schema:
    """The Arrow schema of a table. vault: with the column `vault`. Raises RequestError without the extra."""
    arrow = _arro3()
    found: Schema = arrow.Schema([_field(arrow, column) for column in columns_of(table, vault=vault)])
    return found


def columns_of(table: str, *, vault: bool = True) -> tuple[Column, ...]:
    """The columns of a table. vault: with the column `vault`."""
    return TABLES[table] if vault else TABLES[table][1:]


def _field(arrow: Any, column: Column) -> Any:  # noqa: ANN401
    kinds = arrow.DataType
    kind = {
        "text": kinds.utf8,
        "whole": kinds.int64,
        "number": kinds.float64,
        "flag": kinds.bool,
        "day": kinds.date32,
    }
    found = _texts_type(arrow) if column.kind == "texts" else kind[column.kind]()
    return arrow.Field(column.name, found, nullable=True)


def _texts_type(arrow: Any) -> Any:  # noqa: ANN401
    return arrow.DataType.list(arrow.Field("item", arrow.DataType.utf8(), nullable=True))


def record_batches(table: str, rows: Iterable[Row], *, vault: bool = True) -> Iterator[RecordBatch]:
    """The rows as record batches of at most `BATCH_ROWS`; none without rows. Raises RequestError without the extra.

    vault: the rows begin with the vault's id.
    """
    arrow = _arro3()
    schema = arrow_schema(table, vault=vault)
    columns = columns_of(table, vault=vault)
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH_ROWS)):
        values = zip(*batch, strict=True)
        arrays = [_array(arrow, column, list(value)) for column, value in zip(columns, values, strict=True)]
        yield arrow.RecordBatch.from_arrays(arrays, schema=schema)


def _array(arrow: Any, column: Column, values: list[Any]) -> Any:  # noqa: ANN401
    kinds = arrow.DataType
    if column.kind == "text":
        return arrow.Array(_valid(values), type=kinds.utf8())
    if column.kind == "texts":
        offsets = [0]
        for value in values:
            offsets.append(offsets[-1] + len(value))
        parts = arrow.Array(_valid([part for value in values for part in value]), type=kinds.utf8())
        return arrow.list_array(arrow.Array(offsets, type=kinds.int32()), parts, type=_texts_type(arrow))
    if column.kind == "day":
        return arrow.Array([_day(value) for value in values], type=kinds.int32()).cast(kinds.date32())
    if column.kind == "number":
        return arrow.Array([None if value is None else float(value) for value in values], type=kinds.float64())
    return arrow.Array(values, type=kinds.int64() if column.kind == "whole" else kinds.bool())


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal() - _EPOCH


def _valid(texts: list[Any]) -> list[Any]:
    """The texts; a byte that was no UTF-8, a lone surrogate in text, is escaped as in JSON."""
    try:
        "".join(text for text in texts if text).encode("utf-8")
    except UnicodeEncodeError:
        return [text and _SURROGATE.sub(_escaped, text) for text in texts]
    return texts


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def arrow_table(table: str, rows: Iterable[Row], *, vault: bool = True) -> Table:
    """The rows as one Arrow table. Raises RequestError without the extra."""
    batches = list(record_batches(table, rows, vault=vault))
    found: Table = _arro3().Table.from_batches(batches, schema=arrow_schema(table, vault=vault))
    return found


def parquet_bytes(table: str, batches: Iterable[RecordBatch]) -> bytes:
    """The batches, taken one after the other, as a Parquet file: equal rows in equal order give equal bytes.

    Raises RequestError without the extra.
    """
    try:
        from arro3.io import write_parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing("arro3-io") from error
    target = BytesIO()
    reader = _arro3().RecordBatchReader.from_batches(arrow_schema(table), batches)
    write_parquet(reader, target, compression="zstd(3)", created_by="graphkit", max_row_group_size=ROW_GROUP_ROWS)
    return target.getvalue()
