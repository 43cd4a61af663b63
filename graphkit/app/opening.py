"""The vault to open, the place of its index, and today's date. Reads nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.store.reading.files import VaultError, check_vault, find_vault
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

WORTH_AN_INDEX: Final = 200
"""Pages. Reading fewer is as fast as opening and comparing an index (measured: 25 ms for 200)."""


class IndexPlace(Record, frozen=True, kw_only=True):
    """The place of a vault's index, and the size from which it is used."""

    path: Path
    least: int = 0
    """Pages; a vault with fewer is read without an index."""


def locate(named: Path | None, here: Path) -> Path:
    """The vault: the folder given, else the nearest vault upwards from `here`. Raises RequestError without one."""
    try:
        return check_vault(named) if named is not None else find_vault(here)
    except VaultError as error:
        raise RequestError(error.message, error.remedy) from error


def working_folder(named: Path | None) -> Path:
    """The current folder. Raises RequestError if it has been deleted, unless the vault is named by a full path."""
    try:
        return Path.cwd()
    except OSError as error:
        if named is not None and named.is_absolute():
            return named
        raise RequestError(
            "the current folder does not exist any more", "change to another one, or name the vault by its full path"
        ) from error


def index_place(root: Path, environment: Mapping[str, str]) -> IndexPlace:
    """The place of a vault's index for this user."""
    from graphkit.store.places import INDEX_NAME, places_for  # noqa: PLC0415 - not for library users

    return IndexPlace(path=places_for(root, environment).cache / INDEX_NAME, least=WORTH_AN_INDEX)


def now() -> dt.datetime:
    """The present moment in the local time zone, or in UTC where TZ names none that Python can express."""
    try:
        return dt.datetime.now().astimezone()
    except ValueError:  # a day or more away from UTC
        return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Today's date in the local time zone."""
    return now().date()
