"""Reports by hand that hold every state which the screens can show; built by no use case of the product."""

from __future__ import annotations

from datetime import date
from typing import Any

from graphkit.app.results.reports import (
    CheckReport,
    DetailReport,
    ExperimentDetail,
    ExperimentRow,
    OutlineRow,
    StatusReport,
    TableReport,
    TaskReport,
    TreeReport,
)
from graphkit.app.results.task_row import TaskRow
from graphkit.insight.work.progress import Progress
from graphkit.text.diagnostics import Diagnostic, Severity

AS_OF = date(2026, 3, 14)


def count(todo: int = 0, doing: int = 0, waiting: int = 0, done: int = 0) -> Progress:
    return Progress(
        todo=todo,
        doing=doing,
        waiting=waiting,
        done=done,
        done_weight=done,
        total_weight=todo + doing + waiting + done,
    )


def experiment(title: str, **changes: Any) -> ExperimentRow:  # noqa: ANN401 - any field of the row
    fields: dict[str, Any] = {
        "name": title.lower(),
        "title": title,
        "path": f"pages/{title}.md",
        "lifecycle": "running",
        "lifecycle_derived": False,
        "attention": "running",
        "reason": "",
        "word": "in progress",
        "progress": count(todo=4, doing=2, waiting=1, done=5),
        "goals": (),
        "owners": (),
        "tags": (),
        "start": None,
        "due": None,
        "result": None,
        "questions": (),
        "diagnostics": 0,
    }
    return ExperimentRow(**{**fields, **changes})


EXPERIMENTS = (
    experiment(
        "Weekly digest instead of daily mails",
        lifecycle="stopped",
        attention="rollback due",
        reason="guardrail Unsubscribe rate breached after 2026-03-01",
        progress=count(done=6),
        word="done",
        goals=("Improve customer retention",),
        owners=("Mika",),
        due=date(2026, 3, 1),
        strategies=("Loyalty Programs",),
    ),
    experiment(
        "Onboarding checklist in the first session",
        lifecycle="awaiting decision",
        lifecycle_derived=True,
        attention="decision due",
        reason="all tasks are done, but there is no result",
        progress=count(done=12),
        word="done",
        goals=("Activate new teams", "Improve customer retention"),
        owners=("Ana", "Jonas"),
        due=date(2026, 3, 20),
    ),
    experiment(
        "Annual plan on the pricing page",
        attention="guardrail breached",
        reason="Refund share is 4.1%, guard is <= 3%",
        progress=count(todo=1, doing=1, done=7),
        goals=("Grow recurring revenue",),
        owners=("Priya",),
        due=date(2026, 4, 2),
    ),
    experiment(
        "Win-back calls for teams that went quiet after their first quarter with us",
        attention="overdue",
        reason="due on 2026-03-01",
        goals=("Improve customer retention", "Learn why teams leave"),
        owners=("Ana",),
        due=date(2026, 3, 1),
        questions=("Who calls the teams in Brazil?", "Do we pay for the second call?"),
        diagnostics=1,
        lifecycle_derived=True,
        strategies=("Enhanced Customer Service",),
    ),
    experiment(
        "Single sign-on for small teams",
        attention="blocked",
        reason="blocked by Security review",
        word="blocked",
        progress=count(waiting=3, done=2),
        goals=("Activate new teams",),
        owners=("Jonas",),
        due=date(2026, 3, 19),
    ),
    experiment(
        "Search that forgives typing errors",
        attention="stale",
        reason="“Rank by edit distance” is doing since 2026-02-20",
        progress=count(todo=9, doing=1, done=1),
        owners=("Tomás",),
        due=None,
    ),
    experiment(
        "日本語のオンボーディングメールを短くする実験 🚀",
        attention="at risk",
        reason="62% of the time has gone, 30% of the work is done",
        progress=count(todo=5, doing=2, done=3),
        goals=("Activate new teams",),
        owners=("陽菜",),
        due=date(2026, 4, 30),
        questions=("Which tone?",),
    ),
    experiment(
        "Faster first paint",
        progress=count(todo=1, doing=1, done=9),
        goals=("Activate new teams",),
        owners=("Tomás",),
        due=date(2026, 3, 28),
    ),
    experiment(
        "Referral credits",
        lifecycle_derived=True,
        progress=Progress(todo=6, doing=3, done=3, mode="estimate", unit="hours", done_weight=30.0, total_weight=60.0),
        goals=("Grow recurring revenue",),
        owners=("Priya",),
        due=date(2026, 6, 30),
        strategies=("Loyalty Programs", "Personalized Experiences"),
    ),
    experiment("Shorter trial", lifecycle="stopped", attention="stopped", progress=count(todo=3, done=8)),
    experiment(
        "Implement customer retention strategies",
        lifecycle="ready",
        attention="ready",
        word="not started",
        progress=count(todo=8),
        goals=(
            "Improve customer retention",
            "Measure the impact of strategies and tactics on customer loyalty and satisfaction",
        ),
    ),
    experiment(
        "Templates by role",
        lifecycle="draft",
        lifecycle_derived=True,
        attention="draft",
        word="no tasks",
        progress=count(),
        diagnostics=2,
    ),
    experiment(
        "Invoices as PDF",
        lifecycle="decided",
        attention="decided",
        reason="result: won",
        word="done",
        result="won",
        progress=count(done=5),
        owners=("Mika",),
        due=date(2026, 1, 31),
    ),
    experiment(
        "Dark theme by default",
        lifecycle="decided",
        attention="decided",
        reason="result: inconclusive",
        word="in progress",
        result="inconclusive",
        progress=count(todo=1, done=9),
    ),
    experiment(
        "Chat on every page", lifecycle="archived", attention="archived", progress=count(todo=7), word="not started"
    ),
)

UNREADABLE = Diagnostic(
    code="E101", severity=Severity.ERROR, path="pages/Locked.md", message="no permission to read this file"
)

STATUS = StatusReport(
    vault="acme-graph",
    dialect="logseq",
    as_of=AS_OF,
    pages=96,
    journals=61,
    experiments=EXPERIMENTS,
    unread=(UNREADABLE,),
    errors=2,
    warnings=5,
    not_read=(("Org files", 3), ("whiteboards", 1)),
)

EMPTY = StatusReport(
    vault="empty", dialect="logseq", as_of=AS_OF, pages=0, journals=0, experiments=(), unread=(), errors=0, warnings=0
)


def task(text: str, **changes: Any) -> TaskRow:  # noqa: ANN401 - any field of the row
    fields: dict[str, Any] = {
        "page": "Win-back calls",
        "path": "pages/Win-back calls.md",
        "line": 12,
        "marker": "TODO",
        "status": "todo",
        "text": text,
        "priority": None,
        "scheduled": None,
        "deadline": None,
        "depth": 0,
        "experiment": "Win-back calls",
        "progress": None,
        "flags": (),
    }
    return TaskRow(**{**fields, **changes})


TASKS = (
    task("Call the first twenty teams", line=14, marker="DOING", status="doing", depth=0, progress=count(2, 1, 1, 3)),
    task("Write the [[Call script]]", line=15, marker="DONE", status="done", depth=1),
    task(
        "Get the numbers from billing",
        line=16,
        marker="WAITING",
        status="waiting",
        depth=1,
        flags=("overdue", "blocked"),
        deadline=date(2026, 3, 2),
        priority="A",
    ),
    task("Ask the teams in Brazil", line=19, depth=1, scheduled=date(2026, 3, 9), flags=("slipped",)),
    task("Buy a second phone line", line=20, marker="CANCELLED", status="cancelled", depth=1),
    task("Summarise what the teams said, in their words", line=22, deadline=date(2026, 3, 16), depth=0),
)

TASK_REPORT = TaskReport(
    vault="acme-graph",
    as_of=AS_OF,
    tasks=(
        TASKS[2],
        TASKS[5],
        TASKS[0],
        TASKS[3],
        task(
            "電話の台本を翻訳する",
            page="Mar 9th, 2026",
            path="journals/2026_03_09.md",
            line=3,
            experiment=None,
            priority="B",
        ),
    ),
)

FINDINGS = (
    Diagnostic(
        code="W301",
        severity=Severity.WARNING,
        path="pages/Win-back calls.md",
        line=14,
        column=3,
        message="this task is done, but 2 tasks below it are open; they count as done",
        hint="close them, or open “Call the first twenty teams” again",
    ),
    Diagnostic(
        code="E201",
        severity=Severity.ERROR,
        path="pages/Win-back calls.md",
        line=31,
        column=12,
        message="no block has the id 6560ab12-0000-4000-8000-000000000000",
    ),
    Diagnostic(
        code="I502",
        severity=Severity.INFO,
        path="pages/日本.md",
        line=1,
        column=1,
        message="the page has two page-type:: lines",
        hint="keep one",
    ),
)

CHECK = CheckReport(vault="acme-graph", pages=157, findings=FINDINGS)

DETAIL = DetailReport(
    vault="acme-graph",
    as_of=AS_OF,
    experiments=(
        ExperimentDetail(
            experiment=EXPERIMENTS[3],
            hypothesis=(
                "A call by a person within a week brings back one quiet team in ten, because most of them only lost the"
                " colleague who had set everything up.\nWe lose nothing by asking."
            ),
            properties=(
                ("page-type", "[[experiment]]"),
                ("owner", "[[Ana]]"),
                ("budget", "400 EUR, asked of [[Ruth]]"),
            ),
            tasks=TASKS,
            findings=FINDINGS[:2],
            sections=(
                ("Expected outcome", "Three of thirty teams come back."),
                ("Learnings", ""),
                ("日本 " + "notes " * 30, "\n".join(f"Line {number} of many." for number in range(30))),
            ),
        ),
    ),
)

TREE = TreeReport(
    vault="acme-graph",
    as_of=AS_OF,
    page="Win-back calls",
    path="pages/Win-back calls.md",
    progress=count(2, 1, 1, 3),
    rows=(
        OutlineRow(line=1, level=1, kind="properties", text="page-type:: [[experiment]]"),
        OutlineRow(line=4, level=1, kind="section", text="goal", section="goal"),
        OutlineRow(line=5, level=2, kind="block", text="#goal [[Improve customer retention]]"),
        OutlineRow(line=13, level=1, kind="section", text="work", section="work"),
        *(OutlineRow(line=row.line, level=2 + row.depth, kind="task", text=row.text, task=row) for row in TASKS),
        OutlineRow(line=30, level=2, kind="block", text=""),
    ),
)

RANK = TableReport(
    name="graph-rank",
    title="The pages that most others lead to",
    columns=("rank", "node", "kind", "score"),
    rows=(
        (1, "goal:improve customer retention", "goal", 0.12345678),
        (2, "page:日本", "page", 0.5),
        (3, "x", None, 2.0),
    ),
)
