"""A report's card, and what was understood of one that is about to be added: the same lines for both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot import wording
from bot.conversation.drafts import Draft
from bot.telegram import changes, figure_tables
from bot.telegram.changes import Version
from bot.telegram.markup import escaped, joined
from bot.telegram.screens import Screen, button, keyboard, title_and_year
from retrieval.ingest.adding import Outcome, Preview, weak_pages
from retrieval.messages import message
from retrieval.models import Figure, Kind, Metadata, Removal, Report, Section
from retrieval.report.cleaning import Cleaned

_ALWAYS = ("title", "place", "review_year", "plan_year")  # shown where they are not stated, too
_HEADINGS_SHOWN = 24
_FIGURES_SHOWN = 8
_REMOVALS_SHOWN = 6
_BAR = 12


def card(report: Report, outline: Sequence[Section], figures: Sequence[Figure], back: InlineKeyboardButton) -> Screen:
    """A report's metadata, outline and main targets; 原文 sends the file it was added from."""
    blocks = [
        f"<b>{escaped(wording.title_of(report))}</b>",
        _metadata(report),
        _counts(report.passages, figures, report.file),
        *_outline(outline),
        *_main_figures(figures),
    ]
    return Screen(
        joined(blocks)[:1], keyboard([button("figures", "figures", report.id, 0, 0), button("file", "file", report.id), back])
    )


def preview(draft: Draft, shown: Preview, outcome: Outcome | None = None, held: Version | None = None) -> Screen:
    """What was understood of a report that is not added yet, and what can be done with it.

    A text that is no report is said to be none; ``held`` is the version that is in the library, which is compared with it.
    """
    understood = shown.understood
    key = "telegram.draft_part" if draft.parts > 1 else "telegram.draft"
    kind = understood.metadata.kind
    blocks = [
        f"<b>{escaped(message(key, file=draft.file, ordinal=draft.ordinal, parts=draft.parts))}</b>",
        *([] if kind == "report" else [f"<b>⚠️ {escaped(message(f'telegram.draft_is_{kind}'))}</b>"]),
        _metadata(understood.metadata, title=True),
        _counts(len(understood.passages), understood.figures, None),
        *_pages(understood.cleaned),
        *_outline(understood.outline),
        *_main_figures(understood.figures),
        *_removals(understood.cleaned.removals),
    ]
    if held is not None:
        blocks.insert(1, changes.told(held, Version(understood.outline, understood.figures)))
    if shown.standing != "new" and shown.other:
        said = message(f"telegram.draft_{shown.standing}", title=wording.title_of(shown.other), id=shown.other.id)
        blocks.append(f"<b>{escaped(said)}</b>")
    if outcome and outcome.reason:
        blocks.append(f"<b>{escaped(outcome.reason)}</b>")
    return Screen(_bounded(blocks), _preview_keyboard(draft, shown))


def _bounded(blocks: Sequence[str]) -> tuple[str, ...]:
    """One message: the blocks before the last are left out from the end where all do not fit."""
    kept = list(blocks)
    while len(joined(kept)) > 1 and len(kept) > 2:
        del kept[-2]
    return joined(kept)[:1]


def _preview_keyboard(draft: Draft, shown: Preview) -> InlineKeyboardMarkup | None:
    cancel = button("cancel", "add", draft.id, "cancel", 0)
    figures = button("figures", "understood", draft.id, 0, 0)
    fixes = [button("fix_place", "fix", draft.id, "place"), button("fix_years", "fix", draft.id, "years"), figures]
    if shown.standing == "duplicate":
        return keyboard([figures, cancel])
    if shown.standing == "conflict" and shown.other:
        replace = button("replace", "add", draft.id, "replace", shown.other.id)
        return keyboard([replace, button("keep_both", "add", draft.id, "both", 0), cancel], fixes)
    add = "add" if shown.understood.metadata.kind == "report" else "add_anyway"
    return keyboard([button(add, "add", draft.id, "new", 0), cancel], fixes)


def progress(name: str, stage: str, done: int, total: int, said: str = "telegram.adding") -> str:
    """The one message that moves while a report is added, or a file is read."""
    share = done / total if total else 0.0
    filled = round(_BAR * share)
    bar = "▓" * filled + "░" * (_BAR - filled)
    return (
        f"{escaped(message(said, name=name))}\n{bar} {round(100 * share)}%  {escaped(message(f'stages.{stage}'))} {done}/{total}"
    )


def added(report: Report, outline: Sequence[Section], figures: Sequence[Figure]) -> Screen:
    """What stands in the progress message once a report is added: its card."""
    back = button("rename", "rename", report.id, "menu")
    shown = card(report, outline, figures, back)
    said = message("telegram.added", name=title_and_year(report), id=report.id)
    return Screen((joined([f"✅ {escaped(said)}", shown.parts[0]])[0],), shown.keyboard)


def _metadata(said: Report | Metadata, title: bool = False) -> str:
    fields = wording.fields_of(said)
    if title:
        fields.insert(len([one for one in fields if one[0] == "kind"]), ("title", said.title or ""))
    lines = []
    for field, value in fields:
        if value or field in _ALWAYS:
            shown = escaped(value) if value else f"<i>{escaped(message('console.not_stated'))}</i>"
            shown = f"<b>{shown}</b>" if field == "kind" else shown
            lines.append(message("telegram.field", name=escaped(message(f"fields.{field}")), value=shown))
    return "\n".join(lines)


def _counts(passages: int, figures: Sequence[Figure], file: str | None) -> str:
    kinds = Counter(figure.kind for figure in figures)
    said = message("telegram.counts", passages=passages, figures=len(figures), targets=kinds["target"], actuals=kinds["actual"])
    if file is None:
        return escaped(said)
    return f"{escaped(said)}\n{escaped(message('telegram.field', name=message('fields.file'), value=file))}"


def _pages(cleaned: Cleaned) -> list[str]:
    """How many pages were read, and of a scan how well."""
    if not cleaned.pages:
        return []
    scanned = sum(page.confidence is not None for page in cleaned.pages)
    lines = [escaped(message("telegram.pages", pages=len(cleaned.pages)))]
    if scanned:
        lines.append(escaped(message("telegram.scanned_pages", pages=scanned)))
    weak = weak_pages(cleaned)
    if weak:
        lines.append(f"<b>{escaped(message('telegram.weak_pages', pages=wording.numbers(weak)))}</b>")
    return ["\n".join(lines)]


def _outline(outline: Sequence[Section]) -> list[str]:
    """The first two levels of headings, with the period of each chapter."""
    lines = []
    for section in outline:
        if section.depth not in (1, 2) or not section.heading.strip():
            continue
        indent = "　" * (section.depth - 1)
        period = (
            message("telegram.period", period=message(f"periods.{section.period}"))
            if section.period and section.depth == 1
            else ""
        )
        lines.append(f"{indent}{escaped(wording.shortened(section.heading))}{escaped(period)}")
    if not lines:
        return [escaped(message("telegram.no_outline"))]
    more = (
        [escaped(message("telegram.more_headings", count=len(lines) - _HEADINGS_SHOWN))] if len(lines) > _HEADINGS_SHOWN else []
    )
    title = escaped(message("console.outline"))
    return [f"<b>{title}</b>\n<blockquote expandable>" + "\n".join([*lines[:_HEADINGS_SHOWN], *more]) + "</blockquote>"]


def _main_figures(figures: Sequence[Figure]) -> list[str]:
    """The targets that the report puts first, and its first results; the rest is behind a button."""
    return [*_first_figures(figures, "target"), *_first_figures(figures, "actual")]


def _first_figures(figures: Sequence[Figure], kind: Kind) -> list[str]:
    fitting = [figure for figure in figures if figure.kind == kind and figure.indicator and not figure.stretch]
    chosen = sorted(fitting, key=lambda figure: (not figure.primary, figure.start))[:_FIGURES_SHOWN]
    if not chosen:
        return []
    lines = [figure_tables.line(figure) for figure in sorted(chosen, key=lambda figure: figure.start)]
    title = escaped(message(f"telegram.main_{kind}s"))
    return [f"<b>{title}</b>\n<blockquote expandable>" + "\n".join(lines) + "</blockquote>"]


def _removals(removed: Sequence[Removal]) -> list[str]:
    if not removed:
        return [escaped(message("console.nothing_removed"))]
    lines = [
        escaped(message("telegram.field", name=f"{message(f'removals.{kind}')} × {count}", value=_example(removed, kind)))
        for kind, count in Counter(one.kind for one in removed).most_common(_REMOVALS_SHOWN)
    ]
    title = escaped(message("console.removed", count=len(removed)))
    return [f"<b>{title}</b>\n<blockquote expandable>" + "\n".join(lines) + "</blockquote>"]


def _example(removed: Sequence[Removal], kind: str) -> str:
    first = next(one.text for one in removed if one.kind == kind)
    return wording.shortened("".join(char if char.isprintable() else "·" for char in first.strip()), 40)
