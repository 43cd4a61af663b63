"""Records of a vault that data libraries take as a table, through the Arrow C stream."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from graphkit.app.failures import RequestError
from graphkit.app.tables.arrow_tables import arrow_table, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from graphkit.app.tables.arrow_tables import ArrowTable

Item = TypeVar("Item")
Row = tuple[object, ...]

_SHOWN: Final = 20
"""Rows that a notebook shows."""
_SHOWN_COLUMNS: Final = 12


class TableRows:
    """One table of a vault: its rows as tuples, and as Arrow for polars, pandas, DuckDB and others."""

    def __init__(self, name: str, rows: Iterable[Row]) -> None:
        """Name: of the table. rows: in the order of its columns, without the vault's id."""
        self.name = name
        self.rows = tuple(rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns; docs/portfolio.md gives their types and meanings."""
        return tuple(column.name for column in columns_of(self.name, vault=False))

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self.rows)} rows, {len(self.columns)} columns>"

    def to_arrow(self) -> ArrowTable:
        """An Arrow table (`arro3.core.Table`). Raises RequestError without the extra `portfolio`."""
        return arrow_table(self.name, self.rows, vault=False)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as an Arrow C stream, which polars, DuckDB and pyarrow take as they take a table of their own."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_frame(self, library: str = "") -> Any:  # noqa: ANN401 - of the library that is installed
        """A data frame. library: `polars` or `pandas`; empty: the first of the two that is installed.

        Raises RequestError if it is not installed.
        """
        if library not in {"", "polars", "pandas"}:
            raise RequestError(f"{library!r} is no library of data frames that is known", "say polars or pandas")
        if library != "pandas":
            try:
                import polars as pl  # noqa: PLC0415 - if the user has it

                return pl.DataFrame(self)
            except ImportError:
                if library:
                    raise RequestError("polars is not installed", "install it: pip install polars") from None
        try:
            import pandas as pd  # noqa: PLC0415 - if the user has it
        except ImportError:
            raise RequestError("neither polars nor pandas is installed", "install it: pip install polars") from None
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        frame = pd.DataFrame(dict(zip(self.columns, map(list, columns), strict=True)))
        for column in columns_of(self.name, vault=False):
            if column.kind == "day":
                frame[column.name] = pd.to_datetime(frame[column.name])
        return frame

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks."""
        shown = self.columns[:_SHOWN_COLUMNS]
        head = "".join(f"<th>{escape(name)}</th>" for name in shown)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(_cell(value))}</td>' for value in row[: len(shown)])}</tr>"
            for row in self.rows[:_SHOWN]
        )
        more = len(self.rows) - _SHOWN
        foot = f"<p>{more:,} more rows</p>" if more > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{foot}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


class Records(Generic[Item]):
    """Records of a vault in order, read like a tuple, which are also a table: see `TableRows`.

    Not a tuple, nor registered as a sequence: libraries would take each record for one value.
    """

    __slots__ = ("_items", "_table")

    def __init__(self, items: Sequence[Item], table: Callable[[], TableRows]) -> None:
        """Table: gives the records as a table, when it is asked for."""
        self._items = tuple(items)
        self._table = table

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __contains__(self, item: object) -> bool:
        return item in self._items

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        return self._items[place]

    def __eq__(self, other: object) -> bool:
        return self._items == (other._items if isinstance(other, Records) else other)

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        return repr(self._items)

    def to_arrow(self) -> ArrowTable:
        """As `TableRows.to_arrow`."""
        return self._table().to_arrow()

    def to_frame(self, library: str = "") -> Any:  # noqa: ANN401
        """As `TableRows.to_frame`."""
        return self._table().to_frame(library)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """As of `TableRows`."""
        return self._table().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()
