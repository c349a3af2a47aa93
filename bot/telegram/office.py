"""What administrators see: pure functions from values to screens."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot import wording
from bot.conversation.in_vain import Theme
from bot.conversation.memory import StoredQuestion
from bot.conversation.statistics import Figures, Told
from bot.telegram import callbacks
from bot.telegram.administrators import Administrator
from bot.telegram.markup import escaped, joined
from bot.telegram.screens import Screen, button, keyboard, text, title_and_year
from retrieval.messages import message
from retrieval.models import Report
from retrieval.storage.changes import LoggedChange

_THEMES, _SHOWN_OF_THEME, _OF_THEME = 6, 2, 10  # themes, questions below one, buttons of one
_ANSWER = 1500  # characters


def choice(action: str, reports: Sequence[Report], page: int, pages: int) -> Screen:
    """Which report is to be removed or renamed."""
    if not reports:
        return text("telegram.no_reports")
    step = "ask" if action == "remove" else "menu"
    rows = [[_report_button(report, action, step)] for report in reports]
    turns = [
        button("previous_page", action, page - 1, "list") if page else None,
        button("next_page", action, page + 1, "list") if page + 1 < pages else None,
    ]
    return Screen(text(f"telegram.which_to_{action}").parts, keyboard(*rows, turns))


def _report_button(report: Report, action: str, step: str) -> InlineKeyboardButton:
    shown = wording.shortened(f"[{report.id}] {title_and_year(report)}", 40)
    return InlineKeyboardButton(shown, callback_data=callbacks.data(action, report.id, step))


def removal(report: Report) -> Screen:
    said = text("telegram.remove_really", title=wording.title_of(report), id=report.id, passages=report.passages)
    return Screen(
        said.parts, keyboard([button("remove", "remove", report.id, "yes"), button("cancel", "remove", report.id, "no")])
    )


def removed(report: Report) -> Screen:
    said = text("telegram.removed", name=wording.title_of(report))
    return Screen(said.parts, keyboard([button("undo", "remove", report.id, "undo")]))


def renaming(report: Report) -> Screen:
    """What can be corrected of a report, with what stands there now."""
    fields = ("title", "place", "review_year", "plan_year")
    lines = [
        escaped(message("telegram.field", name=message(f"fields.{field}"), value=getattr(report, field) or "—"))
        for field in fields
    ]
    title = f"<b>[{report.id}] {escaped(wording.title_of(report))}</b>"
    buttons = [button(f"fix_{field}", "rename", report.id, field) for field in ("place", "years", "title")]
    return Screen(("\n".join([title, *lines]),), keyboard(buttons))


def changed(report: Report) -> Screen:
    shown = renaming(report)
    return Screen((f"✅ {escaped(message('telegram.renamed'))}\n{shown.parts[0]}",), shown.keyboard)


def stats(reports: Sequence[Report], figures: Figures, themes: Sequence[Theme]) -> Screen:
    """How much there is and how much is asked; what was asked in vain by themes, each a button."""
    median = figures.median_seconds
    lines = message(
        "telegram.stats",
        reports=len(reports),
        passages=sum(report.passages for report in reports),
        questions=figures.questions_today,
        median="—" if median is None else f"{1000 * median:.0f} ms",
    )
    blocks = [escaped(lines), _themes(themes), *_told("disliked", figures.disliked)]
    shown = themes[:_THEMES]
    buttons = [
        InlineKeyboardButton(_counted(one.name, one.count), callback_data=callbacks.data("theme", _id(one))) for one in shown
    ]
    return Screen(joined(blocks)[:1], keyboard(*(buttons[row : row + 2] for row in range(0, len(buttons), 2))))


def theme(shown: Theme) -> Screen:
    """The questions of one theme, each a button that shows what was answered."""
    rows = [
        [
            InlineKeyboardButton(
                _counted(wording.shortened(one.text, 40), one.count), callback_data=callbacks.data("asked", one.id)
            )
        ]
        for one in shown.questions[:_OF_THEME]
    ]
    title = message("telegram.theme", name=shown.name, count=shown.count)
    return Screen((f"<b>{escaped(title)}</b>",), keyboard(*rows, [button("back_to_stats", "stats")]))


def asked_in_vain(question: StoredQuestion) -> Screen:
    """A question and what was answered, without who asked it."""
    told = escaped(wording.shortened(question.reply["answer"], _ANSWER))
    back = [button("back_to_theme", "theme", question.id), button("back_to_stats", "stats")]
    return Screen((f"<b>{escaped(question.asked.text)}</b>\n\n{told}",), keyboard(back))


def _id(theme: Theme) -> int:
    return theme.questions[0].id


def _counted(name: str, count: int) -> str:
    return f"{name} × {count}" if count > 1 else name


def _themes(themes: Sequence[Theme]) -> str:
    title = f"<b>{escaped(message('telegram.unanswered'))}</b>"
    if not themes:
        return f"{title}\n{escaped(message('telegram.none_of_them'))}"
    lines = [line for one in themes[:_THEMES] for line in _theme_lines(one)]
    more = [escaped(message("telegram.more_themes", count=len(themes) - _THEMES))] if len(themes) > _THEMES else []
    return "\n".join([title, *lines, *more])


def _theme_lines(shown: Theme) -> list[str]:
    """A theme and the questions that were asked most."""
    told = [_counted(wording.shortened(one.text, 60), one.count) for one in shown.questions[:_SHOWN_OF_THEME]]
    return [f"<i>{escaped(_counted(shown.name, shown.count))}</i>", *(f"· {escaped(one)}" for one in told)]


def _told(kind: str, questions: Sequence[Told]) -> list[str]:
    title = f"<b>{escaped(message(f'telegram.{kind}'))}</b>"
    if not questions:
        return [f"{title}\n{escaped(message('telegram.none_of_them'))}"]
    lines = [f"· {escaped(wording.shortened(one.text, 80))}{f' × {one.count}' if one.count > 1 else ''}" for one in questions]
    return ["\n".join([title, *lines])]


def log(changes: Sequence[LoggedChange], older: int | None) -> Screen:
    """Who changed what and when, newest first."""
    if not changes:
        return text("telegram.no_changes")
    lines = [_change(change) for change in changes]
    title = f"<b>{escaped(message('telegram.log'))}</b>"
    return Screen(joined([title, *lines])[:1], keyboard([button("older", "log", older) if older else None]))


def _change(change: LoggedChange) -> str:
    when = change.at.astimezone().strftime("%Y-%m-%d %H:%M")
    actor = change.actor or message("telegram.on_the_server")
    edits = [f"{message(f'fields.{field}')}→{value}" for field, value in change.edits.items()]
    what = message(f"actions.{change.action}", title=change.title, id=change.report_id)
    detail = message("telegram.edits", edits=message("answers.list_glue").join(edits)) if edits else ""
    return f"{when}　{escaped(actor)}\n{escaped(what)}{escaped(detail)}"


def administrators(everyone: Sequence[Administrator]) -> Screen:
    """The list; those added from the chat can be removed by a button."""
    lines = [
        f"· <code>{one.user_id}</code> {escaped(one.name)}{escaped(message('telegram.fixed_admin')) if one.fixed else ''}"
        for one in everyone
    ]
    rows = [
        [
            InlineKeyboardButton(
                message("buttons.remove_admin", name=wording.shortened(one.name or str(one.user_id), 30)),
                callback_data=callbacks.data("admin", one.user_id),
            )
        ]
        for one in everyone
        if not one.fixed
    ]
    title = f"<b>{escaped(message('telegram.admins'))}</b>"
    said = escaped(message("telegram.admins_usage"))
    return Screen(("\n".join([title, *lines, "", said]),), keyboard(*rows))
