"""DuckDB over a dataset: views of the parts that its manifest names, and nothing else of this machine.

The only module that imports duckdb, which the extra `portfolio` brings.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from graphkit.app.failures import RequestError
from graphkit.app.tables.arrow_tables import missing
from graphkit.app.tables.table_schema import SCHEMA_VERSION, TABLES
from graphkit.portfolio.dataset_place import open_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.app.tables.table_schema import Kind
    from graphkit.portfolio.manifest import Manifest

_TYPES: Final[Mapping[Kind, str]] = {
    "text": "VARCHAR",
    "texts": "VARCHAR[]",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "day": "DATE",
}
_TEAMS: Final = """
CREATE VIEW teams AS
SELECT vault, CASE WHEN count(*) OVER (PARTITION BY name) > 1 THEN vault ELSE name END AS team FROM vaults
"""
"""What people call each vault: its name, or its id where several have the name."""
_FETCHED: Final = 10_000
"""Rows that are fetched at a time."""


class LockedDatabase:
    """The tables of a dataset, for one SELECT at a time. A context manager."""

    def __init__(self, address: str) -> None:
        """Address: of the dataset. Raises RequestError without a dataset, and without the extra."""
        try:
            import duckdb  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise missing("duckdb") from error
        self._duckdb: Any = duckdb
        self._stack = ExitStack()
        place = open_place(address)
        manifest = place.load()
        if manifest is None:
            raise RequestError(
                f"there is no dataset at {place.shown}", "make one: graphkit portfolio build SOURCE… -o DIR"
            )
        if manifest.tables != SCHEMA_VERSION:
            raise RequestError(
                f"the dataset at {place.shown} has tables of version {manifest.tables}, not {SCHEMA_VERSION}", _AGAIN
            )
        self.manifest: Manifest = manifest
        self.shown = place.shown
        root = Path(address) if "://" not in address else self._fetched(place)
        self._root = root.resolve()
        self._connection: Any = duckdb.connect(":memory:")
        try:
            self._prepare()
        except duckdb.Error as error:
            self.close()
            raise RequestError(f"the dataset at {self.shown} cannot be read: {_first_line(error)}", _AGAIN) from error

    def _fetched(self, place: Any) -> Path:  # noqa: ANN401 - a place in an object store
        """A temporary folder with the parts of a dataset that is kept in an object store."""
        root = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="graphkit-portfolio-")))
        for name in self.manifest.parts:
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(place.read_part(name))
        return root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and delete what was fetched for it."""
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()
        self._stack.close()

    def _prepare(self) -> None:
        """Make the views, then forbid everything else, for good."""
        run = self._connection.execute
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "python_enable_replacements"):
            run(f"SET {setting} = false")
        run("SET temp_directory = ''")
        run(f"SET allowed_directories = [{_quoted(f'{self._root}/')}]")
        for table in TABLES:
            run(f'CREATE VIEW "{table}" AS {self._view(table)}')
        run(_TEAMS)
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def _view(self, table: str) -> str:
        """The rows of a table in live parts, without those of vaults that have been read again since."""
        columns = ", ".join(f'"{column.name}"' for column in TABLES[table])
        current = {entry.id: entry.batch for entry in self.manifest.vaults}
        whole: list[str] = []
        selects: list[str] = []
        for batch in self.manifest.batches:
            if table not in batch.parts:
                continue
            part = _quoted(str(self._root / batch.parts[table]))
            dead = [vault for vault in batch.vaults if current.get(vault) != batch.id]
            if dead:
                names = ", ".join(map(_quoted, dead))
                selects.append(f"SELECT {columns} FROM read_parquet({part}) WHERE vault NOT IN ({names})")  # noqa: S608 - quoted
            else:
                whole.append(part)
        if whole:
            selects.append(f"SELECT {columns} FROM read_parquet([{', '.join(whole)}])")  # noqa: S608 - quoted
        if not selects:
            empty = ", ".join(f'NULL::{_TYPES[column.kind]} AS "{column.name}"' for column in TABLES[table])
            return f"SELECT {empty} WHERE false"
        return " UNION ALL ".join(selects)

    def ask(
        self, query: str, values: Mapping[str, object] | None = None
    ) -> tuple[tuple[str, ...], Iterator[Sequence[Any]]]:
        """The names of the columns and the rows of one SELECT.

        values: of its parameters `$name`. Raises RequestError for anything but one SELECT, and for one that DuckDB
        refuses.
        """
        errors = self._duckdb.Error
        try:
            statements = self._duckdb.extract_statements(query)
        except errors as error:
            raise _refused(error) from error
        if len(statements) != 1 or statements[0].type != self._duckdb.StatementType.SELECT:
            found = ", ".join(str(statement.type).rpartition(".")[2] for statement in statements) or "nothing"
            raise RequestError(f"only one SELECT is answered, and this is {found}", _READ_ONLY)
        try:
            cursor = (
                self._connection.execute(statements[0], values) if values else self._connection.execute(statements[0])
            )
            names = tuple(column[0] for column in cursor.description)
            first = cursor.fetchmany(_FETCHED)
        except errors as error:
            raise _refused(error) from error
        return names, self._rows(cursor, first)

    def _rows(self, cursor: Any, batch: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:  # noqa: ANN401
        while batch:
            yield from batch
            try:
                batch = cursor.fetchmany(_FETCHED)
            except self._duckdb.Error as error:
                raise _refused(error) from error


_AGAIN: Final = "build it again: graphkit portfolio build --all SOURCE… -o DIR"
_READ_ONLY: Final = f"a dataset is read and never written here; its tables are {', '.join(TABLES)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _refused(error: Exception) -> RequestError:
    suggestions = [line.strip() for line in str(error).splitlines() if line.startswith(("Did you mean", "Candidate"))]
    return RequestError(f"the query was refused: {_first_line(error)}", next(iter(suggestions), _READ_ONLY))
