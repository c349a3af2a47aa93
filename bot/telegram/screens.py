"""What people see of answers and reports: pure functions from values to messages in HTML with their buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot import charts, wording
from bot.conversation.evidence import QUOTES_SHOWN, Neighbour, Window
from bot.telegram import callbacks, excerpts
from bot.telegram.markup import blockquotes, escaped, joined, pieces
from bot.telegram.opening import NOWHERE, Opening
from retrieval.language.hidden import visible
from retrieval.messages import message
from retrieval.models import Report, Span
from retrieval.replies import Quote, Reply

_COPIED = 256  # characters, https://core.telegram.org/bots/api#copytextbutton
_LISTED = 8


@dataclass(frozen=True)
class Screen:
    """One or more messages, each of a length that Telegram takes; the buttons are under the last."""

    parts: tuple[str, ...]
    keyboard: InlineKeyboardMarkup | None = None


def button(key: str, action: str, *arguments: object) -> InlineKeyboardButton:
    """A button with the text under ``buttons.<key>``."""
    return InlineKeyboardButton(message(f"buttons.{key}"), callback_data=callbacks.data(action, *arguments))


def keyboard(*rows: Sequence[InlineKeyboardButton | None]) -> InlineKeyboardMarkup | None:
    """A keyboard of the rows that have buttons; None where there is none."""
    kept = [[one for one in row if one is not None] for row in rows]
    kept = [row for row in kept if row]
    return InlineKeyboardMarkup(kept) if kept else None


def text(key: str, **values: object) -> Screen:
    """A message of plain text from the catalogue."""
    return Screen((escaped(message(key, **values)),))


# -- answers ------------------------------------------------------------------------------------------------------------


def answer(
    reply: Reply,
    question_id: int,
    anchors: Sequence[Neighbour],
    passages: Sequence[int] = (),
    notice: str = "",
    opening: Opening = NOWHERE,
) -> Screen:
    """The figure in bold, each quote with its answering words in bold and its source line, and the buttons.

    ``anchors`` are the passages that the quotes stand in, ``passages`` the ids of those that 更多依据 would show;
    ``notice`` is a line before everything; ``opening`` tells how quotes are opened on the pages.
    """
    hidden = len(reply.quotes) - QUOTES_SHOWN
    blocks = [f"<i>{escaped(notice)}</i>"] if notice else []
    blocks += answer_blocks(reply, QUOTES_SHOWN, opening)
    if hidden > 0:
        blocks.append(escaped(message("telegram.more_quotes", count=hidden)))
    if reply.assumed_place:
        blocks.append(f"<i>{escaped(message('telegram.assumed_place', place=reply.assumed_place))}</i>")
    return Screen(joined(blocks), _answer_keyboard(reply, question_id, anchors, hidden > 0 or bool(passages), opening))


def answer_blocks(reply: Reply, quotes: int | None = None, opening: Opening = NOWHERE) -> list[str]:
    """The answer, and as many of its quotes, cut around their figures; where it states nothing, a heading says that they only stand nearest.

    Of an answer that names no figure its first line stands out, and of one that states nothing the heading.
    """
    told, heading = wording.told(reply)
    spans = reply.emphasis
    if not spans and reply.status in ("answered", "blank"):
        spans = (Span(0, len(told.split("\n", 1)[0])),)
    blocks = excerpts.told(reply, told, spans)
    if heading:
        blocks.append(f"<b>{escaped(heading)}</b>")
    for quote in reply.quotes[:quotes]:
        blocks += _with_source(excerpts.quoted(quote.text, quote.emphasis, quote.start), quote, opening)
    return blocks


def quoted(quote: Quote, opening: Opening = NOWHERE) -> list[str]:
    """A quote word for word, and the line that says where it stands."""
    return _with_source(blockquotes(quote.text, quote.emphasis, quote.start), quote, opening)


def _with_source(blocks: list[str], quote: Quote, opening: Opening) -> list[str]:
    return [*blocks[:-1], f"{blocks[-1]}\n{escaped(wording.where_quoted(quote))}{opening.link(quote)}"]


def _answer_keyboard(
    reply: Reply, question_id: int, anchors: Sequence[Neighbour], more: bool, opening: Opening
) -> InlineKeyboardMarkup | None:
    votes = [
        InlineKeyboardButton("👍", callback_data=callbacks.data("vote", question_id, 1)),
        InlineKeyboardButton("👎", callback_data=callbacks.data("vote", question_id, -1)),
    ]
    in_vain = [button("alert", "alert", question_id), *votes] if reply.is_question else []
    going_on = [
        [InlineKeyboardButton(one, callback_data=callbacks.data("next", question_id, position))]
        for position, one in enumerate(reply.suggestions)
    ]
    if reply.status == "not_found":
        return keyboard(*going_on, in_vain)
    reports, drawn = {quote.report.id for quote in reply.quotes}, charts.chart_of(reply)
    return keyboard(
        opening.buttons(reply.quotes[:QUOTES_SHOWN]),
        [
            button("around", "around", question_id, anchors[0].passage_id, anchors[0].hash) if anchors else None,
            button("more", "more", question_id, 0) if more else None,
            button("card", "card", question_id, reports.pop() if len(reports) == 1 else 0) if reports else None,
            button("chart", "chart", question_id) if drawn is not None and charts.is_cut(drawn) else None,
        ],
        *going_on,
        in_vain if reply.status == "related" else [_copy_button(reply, question_id), *votes],
    )


def _copy_button(reply: Reply, question_id: int) -> InlineKeyboardButton | None:
    """Copies the citation where Telegram's button can hold it, else asks for it as a message."""
    if not reply.quotes:
        return None
    cited = citations(reply.quotes)
    if len(cited) <= _COPIED:
        return InlineKeyboardButton(message("buttons.cite"), copy_text=CopyTextButton(cited))
    return button("cite", "cite", question_id)


def citations(quotes: Sequence[Quote]) -> str:
    """Quotes to paste elsewhere: the words, report, section, date and source of each."""
    return "\n\n".join(citation(quote) for quote in quotes)


def citation(quote: Quote) -> str:
    report = quote.report
    said = [wording.where_quoted(quote), *filter(None, (report.delivered_on, report.source))]
    return message("telegram.citation", text=visible(quote.text), source=visible(message("telegram.citation_glue").join(said)))


def citation_to_copy(quotes: Sequence[Quote]) -> Screen:
    """The citations in a block that is copied when it is tapped."""
    return Screen(joined(f"<pre>{piece}</pre>" for piece in pieces(citations(quotes))))


# -- around an answer ---------------------------------------------------------------------------------------------------


def around(window: Window, question_id: int, anchors: Sequence[Neighbour]) -> Screen:
    """A piece of the report with the answer's quotes in bold, and buttons to read on before and after it.

    With several ``anchors`` their numbers lead from one quote's surroundings to the next.
    """
    quote = "\n".join(f"<blockquote>{piece.strip()}</blockquote>" for piece in pieces(window.text, window.emphasis, window.start))
    where = escaped(wording.where(window.report, window.section))

    def step(key: str, to: Neighbour | None) -> InlineKeyboardButton | None:
        return button(key, "around", question_id, to.passage_id, to.hash) if to else None

    numbers = [
        InlineKeyboardButton(str(number), callback_data=callbacks.data("around", question_id, one.passage_id, one.hash))
        for number, one in enumerate(anchors[:_LISTED], 1)
    ]
    buttons = keyboard(
        [step("previous", window.previous), step("next", window.next)],
        numbers if len(numbers) > 1 else [],
        [button("back", "answer", question_id)],
    )
    return Screen((f"<b>{where}</b>\n\n{quote}",), buttons)


def evidence(found: Sequence[Quote], question_id: int, page: int, pages: int, opening: Opening = NOWHERE) -> Screen:
    """One page of the passages that came after those of the answer."""
    blocks = [f"<b>{escaped(message('telegram.evidence', page=page + 1, pages=pages))}</b>"]
    for one in found:
        blocks += quoted(one, opening)
    buttons = keyboard(
        opening.buttons(found),
        [
            button("previous_page", "more", question_id, page - 1) if page else None,
            button("next_page", "more", question_id, page + 1) if page + 1 < pages else None,
        ],
        [button("back", "answer", question_id)],
    )
    return Screen(joined(blocks)[:1], buttons)


def report_choice(reports: Sequence[Report], question_id: int) -> Screen:
    """Which of the reports that an answer quotes is meant."""
    rows = [
        [
            InlineKeyboardButton(
                wording.shortened(title_and_year(one), 40), callback_data=callbacks.data("card", question_id, one.id)
            )
        ]
        for one in reports[:20]
    ]
    return Screen((escaped(message("telegram.which_report")),), keyboard(*rows, [button("back", "answer", question_id)]))


def title_and_year(report: Report) -> str:
    """What a report is called in a list: place and year where they are known, else its title."""
    if report.place and report.year:
        return message("telegram.place_and_year", place=report.place, year=report.year)
    return report.name


def welcome(questions: Sequence[str], reports: int) -> str:
    """The greeting; the questions themselves are buttons."""
    key = "telegram.welcome" if questions else "telegram.welcome_empty"
    return escaped(message(key, reports=reports))


def reports_page(reports: Sequence[Report], page: int, pages: int, total: int) -> Screen:
    """One page of the list of reports, each a button that opens its card."""
    if not total:
        return text("telegram.no_reports")
    rows = [
        [InlineKeyboardButton(wording.shortened(title_and_year(one), 40), callback_data=callbacks.data("report", one.id, page))]
        for one in reports
    ]
    steps = [
        button("previous_page", "list", page - 1) if page else None,
        button("next_page", "list", page + 1) if page + 1 < pages else None,
    ]
    title = message("telegram.reports", count=total, page=page + 1, pages=pages)
    return Screen((f"<b>{escaped(title)}</b>",), keyboard(*rows, steps))
