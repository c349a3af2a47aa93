"""The figures of a report as people page through them: pure functions from figures to screens."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot import wording
from bot.conversation.drafts import Draft
from bot.telegram import callbacks
from bot.telegram.markup import escaped, joined
from bot.telegram.screens import Screen, button, keyboard, title_and_year
from retrieval.messages import message
from retrieval.models import Figure, Report

PER_PAGE = 12
VIEWS = ("all", "target", "actual")


def of_report(report: Report, figures: Sequence[Figure], view: int, page: int) -> Screen:
    """A page of a stored report's figures, with its files for spreadsheets."""
    rows = _rows("figures", report.id, figures, view, page)
    files = [button("csv", "table", report.id, "csv"), button("xlsx", "table", report.id, "xlsx")]
    back = button("card", "report", report.id, 0)
    return Screen(_page(title_and_year(report), figures, view, page), keyboard(*rows, [*files, back]))


def of_draft(draft: Draft, figures: Sequence[Figure], view: int, page: int) -> Screen:
    """A page of the figures of a report that is not added yet; it leads back to what else was understood."""
    rows = _rows("understood", draft.id, figures, view, page)
    return Screen(_page(draft.file, figures, view, page), keyboard(*rows, [button("back_to_draft", "draft", draft.id)]))


def choice(reports: Sequence[Report]) -> Screen:
    """Which of a place's reports is meant."""
    rows = [
        [InlineKeyboardButton(wording.shortened(title_and_year(one), 40), callback_data=callbacks.data("figures", one.id, 0, 0))]
        for one in reports[:20]
    ]
    return Screen((escaped(message("telegram.which_report")),), keyboard(*rows))


def line(figure: Figure) -> str:
    """A figure in one line: what it is about, its measure, and its value as the report writes it."""
    about = figure.indicator or figure.subject
    measure = "" if figure.measure == "level" else message("telegram.measure", measure=message(f"measures.{figure.measure}"))
    value = f"<b>{escaped(wording.value_of(figure))}</b>"
    return message("telegram.field", name=escaped(f"{wording.shortened(about, 30)}{measure}"), value=value)


def _shown(figures: Sequence[Figure], view: int) -> list[Figure]:
    kind = VIEWS[view]
    return [figure for figure in figures if kind in ("all", figure.kind)]


def _page(name: str, figures: Sequence[Figure], view: int, page: int) -> tuple[str, ...]:
    shown = _shown(figures, view)
    pages = max(-(-len(shown) // PER_PAGE), 1)
    title = message("telegram.figures", name=name, count=len(shown), page=page + 1, pages=pages)
    lines = [f"<b>{escaped(title)}</b>"]
    heading = None
    for figure in shown[page * PER_PAGE : (page + 1) * PER_PAGE]:
        year = figure.year or message("console.several_years")
        now = message("telegram.kind_and_year", kind=message(f"kinds.{figure.kind}"), year=year)
        if now != heading:
            lines.append(f"\n<i>{escaped(now)}</i>")
            heading = now
        lines.append(line(figure))
    if not shown:
        lines.append(escaped(message("console.no_figures")))
    return joined(["\n".join(lines)])[:1]


def _rows(
    action: str, owner: int, figures: Sequence[Figure], view: int, page: int
) -> tuple[list[InlineKeyboardButton | None], list[InlineKeyboardButton | None]]:
    """The buttons that filter, and those that turn pages."""
    last = max(-(-len(_shown(figures, view)) // PER_PAGE), 1) - 1
    filters: list[InlineKeyboardButton | None] = [
        InlineKeyboardButton(
            f"{'● ' if number == view else ''}{message(f'buttons.figures_{name}')}",
            callback_data=callbacks.data(action, owner, number, 0),
        )
        for number, name in enumerate(VIEWS)
    ]
    turns = [
        button("previous_page", action, owner, view, page - 1) if page > 0 else None,
        button("next_page", action, owner, view, page + 1) if page < last else None,
    ]
    return filters, turns


def bounded(view: int, page: int, figures: Sequence[Figure]) -> tuple[int, int]:
    """A view and a page that exist."""
    view = view if 0 <= view < len(VIEWS) else 0
    last = max(-(-len(_shown(figures, view)) // PER_PAGE), 1) - 1
    return view, min(max(page, 0), last)
