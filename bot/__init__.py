"""The front ends: commands, console and Telegram, all thin adapters over :mod:`retrieval`."""
