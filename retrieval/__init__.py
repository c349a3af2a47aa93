"""Answering questions over government work reports: a library without Telegram or terminal in it.

A report goes ``loading -> cleaning -> splitting -> metadata -> outline -> passages -> figures -> embedding``
into a :class:`retrieval.library.Library`; a question goes ``question -> scope -> search -> answer``.
"""
