"""Answering questions over government work reports: a library without Telegram or terminal in it.

A report goes ``reading -> report -> figures -> embedding -> storage``, led by ``ingest``, into a
:class:`retrieval.library.Library`; a question goes ``question -> search -> answers``, led by
:class:`retrieval.answers.answerer.Answerer`. All of them know ``language``. See ``docs/ARCHITECTURE.md``.
"""

import os

# onnxruntime's own builds send events to Microsoft, with an identifier that they keep in the user's cache folder, unless this
# is set before they are loaded (their Privacy.md, "Disabling Telemetry"). Nothing leaves the machine unless its owner wants it.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
