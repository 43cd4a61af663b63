"""Speed and growth of queries: filling of the tables, warm queries, limits, beside `rg` for the plain ones.

Run: python -m benchmarks.query [PAGES …]. Times are processor time, as ratios to `import click` in the same run.
"""

from __future__ import annotations

import datetime as dt
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.generate import write_vault
from graphkit.app.load import load
from graphkit.app.querying.query import QueryEngine
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.status import report_status
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.date(2026, 3, 2)
SIMPLE = "(and (task TODO) (priority A))"
DATALOG = (
    "{:query [:find (pull ?b [*]) :where [?p :block/properties ?all] [(get ?all :owner) ?owner] [?b :block/page ?p]"
    ' (task ?b #{"TODO" "DOING"})]}'
)
CROSS = "[:find ?a ?b :where [?a :block/content] [?b :block/content]]"


def seconds(work: Callable[[], object], repeat: int = 5) -> float:
    """The median processor time of some runs."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return sorted(times)[len(times) // 2]


def import_click() -> float:
    """Processor time of a Python that imports click and ends."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import click"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return sorted(times)[2]


def refused(engine: QueryEngine) -> None:
    """A cross product, which stops at the limit."""
    from graphkit.app.failures import RequestError  # noqa: PLC0415

    try:
        engine.ask(CROSS)
    except RequestError:
        return
    raise AssertionError("the cross product did not stop")


def measure(pages: int) -> None:
    """One vault of this many pages."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_vault(root, pages=pages)
        unit = import_click()
        start = time.process_time()
        report_status(load(root, as_of=TODAY), Filters())
        status = time.process_time() - start
        start = time.process_time()
        session = load(root, as_of=TODAY, dialect=Dialect.LOGSEQ)
        engine = QueryEngine(session)
        filled = time.process_time() - start
        print(f"{pages} pages; import click {unit:.3f} s, cold status {status:.2f} s")
        print(f"  reading and filling the tables {filled:.2f} s, {filled / status:.1f} x cold status")
        for name, query in (("simple", SIMPLE), ("datalog", DATALOG)):
            taken = seconds(partial(engine.ask, query))
            found = len(engine.ask(query).raw)
            print(f"  warm {name} query {taken:.4f} s, {taken / unit:.2f} x import click, {found} results")
        print(f"  cross product stops after {seconds(lambda: refused(engine), 3):.2f} s")
        if shutil.which("rg"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(["rg", "-c", r"^\s*- TODO \[#A\]", str(root)], check=False, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(
                f"  rg for the simple one {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.3f} s"
            )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory {peak:.0f} MB")


if __name__ == "__main__":
    for size in [int(each) for each in sys.argv[1:]] or [1_000, 10_000]:
        measure(size)
