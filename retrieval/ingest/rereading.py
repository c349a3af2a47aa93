"""Figures that were read with other language data than today's, read again."""

from __future__ import annotations

import logging

from retrieval.errors import LibraryBusy, StorageFailed
from retrieval.figures import extraction
from retrieval.models import Metadata
from retrieval.storage import database
from retrieval.storage.damage import write_failures_named
from retrieval.storage.store import Store

_log = logging.getLogger(__name__)


def read_figures_again(store: Store) -> None:
    """Reads the figures of all reports anew where an older program read them; nothing else depends on them."""
    if database.setting(store.db, "figures") == extraction.VERSION:
        return
    try:
        if not store.reader.reports():
            with write_failures_named(store.folder):
                database.store_setting(store.db, "figures", extraction.VERSION)
            return
        with store.transaction() as change:
            for report in store.reader.reports():
                metadata = Metadata(
                    place=report.place,
                    level=report.level,
                    within=report.within,
                    review_year=report.review_year,
                    plan_year=report.plan_year,
                )
                text, outline = store.reader.text(report.id), store.reader.outline(report.id)
                change.store_figures(report.id, extraction.read_figures(text, outline, metadata))
            database.store_setting(store.db, "figures", extraction.VERSION)
    except (LibraryBusy, StorageFailed):
        _log.warning("the figures of %s are those of an older program", store.folder)
