"""The Telegram bot: handlers parse, call the library, render and send.

Read in order: ``application`` (what is handled by what), ``questions`` (a question becomes an answer), ``screens`` (what
people see). ``running`` starts and stops it; ``services`` is what handlers share.
"""
