"""The front ends: commands, console and Telegram, all thin adapters over :mod:`retrieval`."""

from retrieval.messages import add_catalogue

add_catalogue("bot")
