"""What a terminal shows: pure functions from the library's values to rich renderables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from bot import wording
from retrieval.messages import message
from retrieval.models import Figure, Removal, Report, Section
from retrieval.replies import Quote, RankedPassage, Reply

if TYPE_CHECKING:
    from bot.doctor import Finding
    from retrieval.ingest.adding import Outcome
    from retrieval.search.figure_lookup import StoredFigure

_STATUS_STYLE = {"answered": "bold green", "related": "cyan", "blank": "bold yellow", "not_found": "yellow"}
_OUTCOME_STYLE = {"added": "green", "duplicate": "yellow", "conflict": "red", "refused": "red"}
_FINDING_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "bold red")}


def finding(one: Finding) -> RenderableType:
    """A line of ``doctor``."""
    mark, style = _FINDING_MARKS[one.state]
    return Text.assemble((f"{mark} {message(f'examined.{one.name}')}", style), message("console.colon"), one.text)


def reply(answer: Reply) -> RenderableType:
    """The answer, then each quote with its source line, numbered; where it states nothing, they are called the nearest."""
    told, heading = wording.told(answer)
    parts: list[RenderableType] = [Text(told, style=_STATUS_STYLE[answer.status])]
    if heading:
        parts.append(Padding(Text(heading, style="dim"), (1, 0, 0, 0)))
    for number, one in enumerate(answer.quotes, 1):
        parts.append(Padding(quote(one, number), (1, 0, 0, 2)))
    if answer.suggestions:
        asked = (f"  ({number}) {one}" for number, one in enumerate(answer.suggestions, 1))
        parts.append(Padding(Text("\n".join([message("console.suggestions"), *asked]), style="dim"), (1, 0, 0, 0)))
    return Group(*parts)


def quote(one: Quote, number: int) -> RenderableType:
    """A quote with its answering words emphasised, and the line that says where it stands."""
    text = Text(f"{message('console.open_quote')}{one.text}{message('console.close_quote')}")
    shift = len(message("console.open_quote")) - one.start
    for span in one.emphasis:
        text.stylize("bold reverse", span.start + shift, span.end + shift)
    return Group(text, source_line(one, number))


def source_line(one: Quote, number: int) -> Text:
    """Report and section of a quote: —— [1] title > section > subsection."""
    where = wording.where_quoted(one)
    return Text(message("console.source_line", number=number, where=where), style="dim")


def surroundings(one: Quote, text: str, around: int) -> Text:
    """A quote in what stands around it, the quote itself emphasised."""
    start, end = max(one.start - around, 0), min(one.end + around, len(text))
    shown = Text(text[start:end])
    shown.stylize("bold", one.start - start, one.end - start)
    return shown


def reports(found: Sequence[Report]) -> RenderableType:
    """The table of reports."""
    if not found:
        return Text(message("console.no_reports"), style="yellow")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for key in ("id", "place", "year", "title", "speaker", "passages", "figures"):
        table.add_column(message(f"columns.{key}"), justify="right" if key in ("id", "passages", "figures") else "left")
    for report in found:
        table.add_row(
            str(report.id),
            report.place or message("console.unknown"),
            str(report.year or message("console.unknown")),
            report.name,
            report.speaker or "",
            str(report.passages),
            str(report.figures),
        )
    return table


def card(report: Report, outline: Sequence[Section], removed: Sequence[Removal], figures: Sequence[Figure]) -> RenderableType:
    """A report's card: metadata, outline, what cleaning removed, and its figures."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column()
    for field, value in wording.fields_of(report):
        table.add_row(message(f"fields.{field}"), value or message("console.not_stated"))
    table.add_row(message("fields.file"), report.file)
    table.add_row(message("fields.passages"), str(report.passages))
    title = Text(f"[{report.id}] {report.name}", style="bold")
    parts: list[RenderableType] = [title, table, Text(""), _outline(outline), Text(""), _removed(removed)]
    parts += [Text(""), figure_table(figures)]
    return Group(*parts)


def _outline(outline: Sequence[Section]) -> RenderableType:
    tree = Tree(Text(message("console.outline"), style="bold"), guide_style="dim")
    nodes: dict[int, Tree] = {}
    for index, section in enumerate(outline):
        if section.depth == 0 or section.depth > 3 or not section.heading:
            if section.parent in nodes:
                nodes[index] = nodes[section.parent]
            continue
        label = Text(wording.shortened(section.heading))
        if section.period and (section.depth == 1 or section.period != outline[section.parent or 0].period):
            label.append(f"  {message(f'periods.{section.period}')}", style="cyan")
        nodes[index] = (nodes.get(section.parent, tree) if section.parent is not None else tree).add(label)
    return tree


def kinds_counted(kinds: Sequence[str]) -> str:
    """Kinds of removals, each with how many there are: 隐藏文字 2 处、图片（未读入） 1 处."""
    counts = Counter(kinds)
    return message("answers.list_glue").join(
        message("console.kind_counted", kind=message(f"removals.{kind}"), count=count) for kind, count in counts.items()
    )


def _removed(removed: Sequence[Removal]) -> RenderableType:
    if not removed:
        return Text(message("console.nothing_removed"), style="dim")
    lines = [Text(message("console.removed", count=len(removed)), style="bold")]
    for one in removed:
        shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in one.text.strip("\n"))
        lines.append(Text(f"  {message(f'removals.{one.kind}')}: {shown}", style="dim"))
    return Group(*lines)


def figure_table(figures: Sequence[Figure]) -> RenderableType:
    """The figures of a report, in the order of its text."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=message("console.figures", count=len(figures)))
    table.title_justify = "left"
    for key in ("kind", "year", "subject", "measure", "value"):
        table.add_column(message(f"columns.{key}"))
    for figure in figures:
        table.add_row(
            message(f"kinds.{figure.kind}"),
            str(figure.year or message("console.several_years")),
            figure.indicator or figure.subject,
            message(f"measures.{figure.measure}"),
            Text(wording.value_of(figure), style="yellow" if figure.blank else ""),
        )
    return table


def figures_of_reports(found: Sequence[StoredFigure]) -> RenderableType:
    """The figures of several reports, a table a report."""
    if not found:
        return Text(message("console.no_figures"), style="yellow")
    by_report: dict[int, list[StoredFigure]] = {}
    for one in found:
        by_report.setdefault(one.report.id, []).append(one)
    tables: list[RenderableType] = []
    for of_one in by_report.values():
        report = of_one[0].report
        tables += [Text(f"[{report.id}] {wording.title_of(report)}", style="bold"), figure_table([one.figure for one in of_one])]
    return Group(*tables)


def outcome(one: Outcome) -> Text:
    """One line on what became of a report that was to be added."""
    line = Text(message(f"outcomes.{one.outcome}"), style=_OUTCOME_STYLE[one.outcome])
    if one.outcome == "added" and one.report:
        report = one.report
        line.append(
            message(
                "console.added",
                id=report.id,
                title=report.name,
                place=report.place or message("console.unknown"),
                year=report.year or message("console.unknown"),
                passages=report.passages,
                figures=report.figures,
            ),
            style="default",
        )
        if one.not_understood:
            missing = message("answers.list_glue").join(message(f"fields.{field}") for field in one.not_understood)
            line.append(message("console.not_understood", fields=missing, id=report.id), style="yellow")
        if report.kind != "report":
            line.append(message("console.document_kind", kind=message(f"document_kinds.{report.kind}")), style="yellow")
        if one.left_out:
            line.append(message("console.left_out", what=kinds_counted(one.left_out)), style="yellow")
        if one.weak_pages:
            line.append(message("console.weak_pages", pages=wording.numbers(one.weak_pages)), style="yellow")
    else:
        line.append(f" {one.file}：{one.reason}", style="default")
    return line


def passages(found: Sequence[RankedPassage]) -> RenderableType:
    """Ranked passages with the parts of their scores."""
    if not found:
        return Text(message("console.nothing_found"), style="yellow")
    lines: list[RenderableType] = []
    for number, one in enumerate(found, 1):
        where = wording.where(one.report, one.section)
        scores = message("console.scores", score=one.score, lexical=one.lexical, dense=one.dense)
        lines += [Text(f"{number}. {one.text}"), Text(f"   {where}  {scores}", style="dim")]
    return Group(*lines)
