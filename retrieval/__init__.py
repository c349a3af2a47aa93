"""Answering questions over government work reports: a library without Telegram or terminal in it.

A report goes ``loading -> cleaning -> splitting -> metadata -> outline -> passages -> figures -> embedding``
into a :class:`retrieval.library.Library`; a question goes ``question -> scope -> search -> answer``.
"""

import os

# onnxruntime's own builds send events to Microsoft, with an identifier that they keep in the user's cache folder, unless this
# is set before they are loaded (their Privacy.md, "Disabling Telemetry"). Nothing leaves the machine unless its owner wants it.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
