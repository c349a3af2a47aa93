"""Pages that an administrator photographed and sent as photos: one is a file, the photos of an album are one report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram import Message, Update
from telegram.error import BadRequest, NetworkError
from telegram.ext import ContextTypes

from bot.telegram import screens
from bot.telegram.addressing import asker
from bot.telegram.delivery import send, typing
from bot.telegram.edits import remember, was_read
from bot.telegram.services import Services, services_of
from bot.telegram.uploads import downloaded, take_in
from retrieval.messages import message
from retrieval.reading.sandbox import bind_in_child

# Telegram sends an album as messages of their own and never says how many: it has ended when no more come. Those of one
# album arrive within a tenth of a second; a webhook or a second ``getUpdates`` may hold one back for longer.
_COMPLETE_SECONDS = 2.0


async def on_photo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A photo from an administrator: previews of the report on it, or on all photos of its album."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    source = said.photo[-1].file_unique_id
    if was_read(update, context, source):
        return
    if update.edited_message and said.media_group_id:  # the other pages are not told with it
        await send(context.bot, said.chat_id, screens.text("telegram.edited_album"), said.message_id)
        return
    if said.media_group_id is None:
        await _read([said], context, asker(update))
        remember(update, context, source)
        return
    remember(update, context, source)
    services.retrying.add(update.update_id)  # it stays on disk until the album is read: a restart gathers it again
    album = (said.chat_id, said.media_group_id)
    if album not in services.albums:
        services.albums[album] = {}
        services.in_background(_gather(album, context))
    services.albums[album][update.update_id] = update


async def _gather(album: tuple[int, str], context: ContextTypes.DEFAULT_TYPE) -> None:
    """Waits until an album is complete, and reads it."""
    services = services_of(context)
    updates = services.albums[album]
    seen = 0
    while seen != len(updates):
        seen = len(updates)
        await asyncio.sleep(_COMPLETE_SECONDS)
    del services.albums[album]
    photos = {update.message.message_id: update.message for update in updates.values() if update.message}
    try:
        await _read([photos[number] for number in sorted(photos)], context, asker(next(iter(updates.values()))))
    except Exception as error:
        await _failed(list(updates.values()), error, context)
    for update_id in updates:
        if update_id in services.retrying:
            services.retrying.discard(update_id)
        else:
            await services.stored(services.updates.handled, update_id)


async def _failed(updates: Sequence[Update], error: Exception, context: ContextTypes.DEFAULT_TYPE) -> None:
    """What failed for want of a connection is gathered again, photo by photo; anything else is told once."""
    again = services_of(context).stopping or (isinstance(error, NetworkError) and not isinstance(error, BadRequest))
    for update in updates if again else updates[:1]:
        await context.application.process_error(update, error)


async def _read(photos: Sequence[Message], context: ContextTypes.DEFAULT_TYPE, user_id: int) -> None:
    services, said = services_of(context), photos[0]
    async with typing(context.bot, said.chat_id):
        contents = []
        for photo in photos:
            content = await downloaded(context, photo, max(photo.photo, key=lambda size: size.width * size.height), _name(photo))
            if content is None:
                return  # pages would be missing in the middle of a report
            contents.append(content)
        file = await _file(services, contents, said)
        await take_in(context, services, said.chat_id, user_id, [file], said.message_id)


async def _file(services: Services, contents: Sequence[bytes], said: Message) -> tuple[str, bytes]:
    """The name and content of the file that photos make: a picture, or a PDF of several."""
    if len(contents) == 1:
        return _name(said), contents[0]
    name = message("telegram.album_file", time=_time(said), pages=len(contents))
    return name, await services.read(bind_in_child, contents, name)


def _name(said: Message) -> str:
    return message("telegram.photo_file", time=_time(said))


def _time(said: Message) -> str:
    return said.date.astimezone().strftime("%Y-%m-%d %H.%M.%S")
