"""Object stores through obstore, which the extra `portfolio` brings: listing, fetching, conditional writing.

Credentials come from the environment or the machine, as obstore documents it, and are never written down.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from graphkit.app.failures import ChangedError, RequestError
from graphkit.app.tables.arrow_tables import missing
from graphkit.portfolio.listed_vault import MOST_FILES
from graphkit.portfolio.vault_source import without_credentials
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PAGE_OF_KEYS: Final = 1000
_SECRET: Final = re.compile(
    r"(?i)((?:access_key_id|secret_access_key|token|credential|signature|password|authorization|x-amz-[a-z-]+)"
    r"[\"']?\s*[:=]\s*[\"']?)[^\s\"',&]+"
)


class StoreError(Exception):
    """An object store did not do what it was asked; the message holds no credentials."""


class StoredObject(Record, frozen=True, array_like=True):
    """One object below a prefix."""

    key: str
    """Relative to the prefix."""
    size: int
    stamp: str
    """What changes with its content: the entity tag, else the time of its last change."""


def _library() -> Any:  # noqa: ANN401 - a module
    try:
        import obstore  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing("obstore") from error
    return obstore


def _reason(error: Exception) -> str:
    """The first line of an error, without anything that looks like a credential or a signed address."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return _SECRET.sub(r"\1…", without_credentials(line))[:300]


def _failures() -> tuple[type[Exception], ...]:
    """What obstore raises."""
    return (_library().exceptions.BaseError, OSError, ValueError, RuntimeError)


def _opened(address: str) -> Any:  # noqa: ANN401
    library = _library()
    try:
        return library.store.from_url(address)
    except _failures() as error:
        raise StoreError(_reason(error)) from None


class ObjectPrefix:
    """Everything below one prefix of a bucket, or below a folder named by `file://`."""

    def __init__(self, address: str) -> None:
        """Raises RequestError without obstore, and StoreError for an address that it cannot use."""
        self._library = _library()
        self._store = _opened(address)

    def folders(self) -> list[str]:
        """The names directly below the prefix that have objects below them, sorted. Raises StoreError."""
        try:
            found = self._library.list_with_delimiter(self._store)
        except _failures() as error:
            raise StoreError(_reason(error)) from None
        return sorted(prefix.rstrip("/") for prefix in found["common_prefixes"])

    def objects(self) -> Iterator[StoredObject]:
        """All objects below the prefix, page by page. Raises StoreError, also beyond `MOST_FILES`."""
        number = 0
        try:
            for page in self._library.list(self._store, chunk_size=_PAGE_OF_KEYS):
                for item in page:
                    number += 1
                    if number > MOST_FILES:
                        raise StoreError(f"the prefix holds more than {MOST_FILES:,} objects")  # noqa: TRY301 - it ends the listing
                    stamp = item.get("e_tag") or item["last_modified"].isoformat()
                    yield StoredObject(str(item["path"]), int(item["size"]), str(stamp))
        except StoreError:
            raise
        except _failures() as error:
            raise StoreError(_reason(error)) from None

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None if it does not exist. Raises StoreError."""
        try:
            return bytes(self._library.get(self._store, key).bytes())
        except FileNotFoundError:
            return None
        except _failures() as error:
            raise StoreError(_reason(error)) from None

    def read_tagged(self, key: str) -> tuple[bytes, Any] | None:
        """The bytes of an object and its version for `write`; None if it does not exist. Raises StoreError."""
        try:
            found = self._library.get(self._store, key)
            known = {name: found.meta[name] for name in ("e_tag", "version") if found.meta[name] is not None}
            return bytes(found.bytes()), known
        except FileNotFoundError:
            return None
        except _failures() as error:
            raise StoreError(_reason(error)) from None

    def write(self, key: str, data: bytes, *, version: Any = None, create: bool = False) -> None:  # noqa: ANN401
        """Write an object in one step.

        version: what it must still be. create: it must not be there. Raises ChangedError if it is otherwise, and
        StoreError.
        """
        mode = version or ("create" if create else "overwrite")
        exceptions = self._library.exceptions
        try:
            self._library.put(self._store, key, data, mode=mode, use_multipart=False)
        except (exceptions.PreconditionError, exceptions.AlreadyExistsError):
            raise ChangedError(
                "the dataset was changed while this run was reading, so its result was not saved", "run it again"
            ) from None
        except _failures() as error:
            raise StoreError(_reason(error)) from None

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are gone are no error. Raises StoreError."""
        wanted = list(keys)
        if not wanted:
            return
        try:
            self._library.delete(self._store, wanted)
        except FileNotFoundError:
            return
        except _failures() as error:
            raise StoreError(_reason(error)) from None


def expand_prefix(address: str) -> list[str]:
    """The addresses of the vaults that `s3://BUCKET/PREFIX/*` means; of any other prefix the address itself.

    Raises RequestError for a pattern elsewhere than at the end, or without vaults, and StoreError.
    """
    base, star, rest = address.partition("*")
    if not star:
        return [address.rstrip("/")]
    if rest.strip("/") or not base.endswith("/"):
        raise RequestError(f"{address!r} has a pattern elsewhere than at its end", "write s3://BUCKET/PREFIX/*")
    found = [f"{base}{name}" for name in ObjectPrefix(base).folders()]
    if not found:
        raise RequestError(f"{address!r} matches no prefix", "check the bucket and the prefix")
    return found
