"""Object stores: an S3 server on loopback, and folders named by `file://`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import obstore
import pytest
from portfolio_vaults import DAY, SameProcess, build, command, digests, rows_of, write_teams

from graphkit.app.failures import ChangedError, RequestError
from graphkit.portfolio import object_store
from graphkit.portfolio.build import build_dataset
from graphkit.portfolio.listing import list_vault
from graphkit.portfolio.locked_database import LockedDatabase
from graphkit.portfolio.vault_source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from obstore.store import ObjectStore

    from graphkit.app.results.portfolio_reports import BuildReport
    from graphkit.portfolio.batch_reading import BatchJob, BatchResult

KEY_ID, SECRET = "AKIAGRAPHKITTEST", "s3cr3t-graphkit-test-key"


def without_source(place: Path) -> dict[str, Any]:
    """The rows of a dataset without what depends on where the vaults were read from."""
    tables = {}
    for table in digests(place):
        rows = rows_of(place, table)
        for row in rows:
            row["vault"] = row["vault"].rpartition("-")[0]
            for name in ("source", "digest"):
                row.pop(name, None)
        tables[table] = sorted(map(repr, rows))
    return tables


def test_folders_below_a_file_url_are_vaults(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 3, least=10, most=30)
    (tmp_path / "teams" / "team-00" / "pages" / "Ümlaut & Co?%3F.md").write_text("- TODO x\n", encoding="utf-8")
    build(tmp_path / "here", "teams/*")
    build(tmp_path / "there", f"file://{quote(str(tmp_path / 'teams'))}/*")
    assert without_source(tmp_path / "here") == without_source(tmp_path / "there")


def test_assets_and_own_settings_are_fetched_too(tmp_path: Path) -> None:
    team = tmp_path / "teams" / "one"
    for path, text in {
        "graphkit.toml": '[check]\nignore = ["E1"]\n',
        ".graphkit/baseline.json": '{"findings": []}',
        "assets/values.csv": "date,value\n2026-02-01,40%\n",
        "assets/picture.png": "no picture",
        "pages/Rate.md": "page-type:: [[metric]]\nunit:: %\ndata:: ../assets/values.csv\n\n- \n",
    }.items():
        (team / path).parent.mkdir(parents=True, exist_ok=True)
        (team / path).write_text(text, encoding="utf-8")
    build(tmp_path / "here", team)
    build(tmp_path / "there", f"file://{quote(str(team))}")
    assert without_source(tmp_path / "here") == without_source(tmp_path / "there")
    assert [row["value"] for row in rows_of(tmp_path / "there", "observations")] == [0.4]


def test_a_prefix_with_too_many_keys_is_refused_as_soon_as_that_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "team" / "pages"
    pages.mkdir(parents=True)
    for number in range(40):
        (pages / f"{number}.md").write_text("- x\n", encoding="utf-8")
    monkeypatch.setattr(object_store, "MOST_FILES", 30)
    listed = list_vault(Source(kind="objects", address=f"file://{quote(str(tmp_path / 'team'))}"))
    assert "more than 30 objects" in listed.error


def test_a_listing_of_very_many_keys_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc  # noqa: PLC0415

    def pages(*_: object, **__: object) -> Iterator[list[dict[str, Any]]]:
        for start in range(0, 200_000, 1000):
            yield [{"path": f"pages/{start + i}.md", "size": 5, "e_tag": f'"{i}"'} for i in range(1000)]

    monkeypatch.setattr(obstore, "list", pages)
    tracemalloc.start()
    listed = list_vault(Source(kind="objects", address="memory:///team"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert listed.pages == 200_000
    assert listed.digest
    assert peak < 5_000_000


def test_keys_that_no_folder_can_hold_together_are_an_error_of_their_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = obstore.store.MemoryStore()
    for key in ("pages/a", "pages/a/b.md", "pages/ok.md"):
        obstore.put(store, key, b"- TODO x\n")
    monkeypatch.setattr(object_store, "_opened", lambda _: store)
    report = build(tmp_path / "ds", "s3://bucket/team")
    assert [vault.source for vault in report.unread] == ["s3://bucket/team"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server on loopback with an empty bucket."""
    moto = pytest.importorskip("moto.server")
    running = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """The store of a bucket, which the environment gives access to."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL": server,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    from urllib.request import Request, urlopen  # noqa: PLC0415

    urlopen(Request(f"{server}/moto-api/reset", method="POST")).close()  # noqa: S310 - on loopback
    urlopen(Request(f"{server}/bucket", method="PUT")).close()  # noqa: S310
    return obstore.store.from_url("s3://bucket")


def upload(bucket: ObjectStore, root: Path, prefix: str) -> int:
    number = 0
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            obstore.put(bucket, f"{prefix}/{path.relative_to(root).as_posix()}", path.read_bytes())
            number += 1
    return number


@pytest.mark.engines
@pytest.mark.filterwarnings("ignore")
def test_fifty_vaults_of_a_bucket_give_the_rows_of_the_folders_and_no_credential_is_written(
    bucket: ObjectStore, tmp_path: Path
) -> None:
    write_teams(tmp_path / "teams", 50, least=20, most=40)
    assert upload(bucket, tmp_path / "teams", "company/teams") > 1000, "the listing has several pages"
    build(tmp_path / "here", "teams/*")
    code, out, errors = command(
        "--as-of", DAY.isoformat(), "portfolio", "build", "-o", tmp_path / "there", "s3://bucket/company/teams/*",
        "--workers", "2", "--debug",
    )  # fmt: skip
    assert code == 0, errors
    assert without_source(tmp_path / "here") == without_source(tmp_path / "there")
    again = build(tmp_path / "there", "s3://bucket/company/teams/*")
    assert (again.read, again.unchanged) == (0, 50)
    obstore.put(bucket, "company/teams/team-07/pages/Fresh.md", b"- TODO fresh\n")
    assert build(tmp_path / "there", "s3://bucket/company/teams/*").read == 1
    written = [path.read_bytes() for path in (tmp_path / "there").rglob("*") if path.is_file()]
    for secret in (KEY_ID.encode(), SECRET.encode()):
        assert not any(secret in data for data in [*written, out.encode(), errors.encode()])


@pytest.mark.engines
@pytest.mark.filterwarnings("ignore")
def test_a_bucket_that_cannot_be_read_is_an_error_without_credentials(bucket: ObjectStore, tmp_path: Path) -> None:
    del bucket
    code, out, errors = command("portfolio", "build", "-o", tmp_path / "ds", "s3://no-such-bucket/x", "--debug")
    assert code == 4
    assert rows_of(tmp_path / "ds", "vaults")[0]["error"]
    code, _, more = command("portfolio", "build", "-o", tmp_path / "ds", "s3://no-such-bucket/x/*", "--debug")
    assert code in {2, 4}
    code, _, last = command("portfolio", "sql", "-d", "s3://no-such-bucket/x", "SELECT 1", "--debug")
    assert code == 2
    for text in (out, errors, more, last, (tmp_path / "ds" / "manifest.json").read_text(encoding="utf-8")):
        assert KEY_ID not in text
        assert SECRET not in text


@pytest.mark.engines
@pytest.mark.filterwarnings("ignore")
def test_a_dataset_can_be_kept_in_a_bucket_and_is_replaced_only_if_nobody_else_did(
    bucket: ObjectStore, tmp_path: Path
) -> None:
    del bucket
    teams = write_teams(tmp_path / "teams", 3, least=5, most=10)
    place = "s3://bucket/datasets/all"

    def run(*words: str | Path, engine: SameProcess | None = None) -> BuildReport:
        return build_dataset([str(word) for word in words], place, engine or SameProcess(), DAY, tmp_path)

    assert run("teams/*").read == 3
    assert run("teams/*").read == 0
    build(tmp_path / "here", "teams/*")
    with LockedDatabase(place) as database:
        names, rows = database.ask("SELECT * FROM tasks ORDER BY ALL")
        assert [dict(zip(names, row, strict=True)) for row in rows] == rows_of(tmp_path / "here", "tasks")
    (teams[0] / "pages" / "Fresh.md").write_text("- TODO fresh\n", encoding="utf-8")

    class Overtaken(SameProcess):
        def map(
            self, function: Callable[[BatchJob], BatchResult], jobs: Sequence[BatchJob]
        ) -> Iterator[tuple[int, BatchResult]]:
            run("teams/team-01")
            return super().map(function, jobs)

    with pytest.raises(ChangedError):
        run("teams/*", engine=Overtaken())
    code, out, _ = command("portfolio", "sql", "-d", place, "SELECT name FROM vaults", "--json")
    assert code == 0
    assert [row["name"] for row in json.loads(out)["rows"]] == ["team-01"]


@pytest.mark.parametrize("address", ["s3://bucket/*/x", "s3://bucket/a*", "file:///tmp/*x*"])
def test_a_pattern_stands_at_the_end_of_a_prefix_only(address: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="pattern"):
        build(tmp_path / "ds", address)
