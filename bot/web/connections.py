"""Connections with an end: a request has to come in a few seconds, and what is sent has to be taken in a while."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LARGEST_HEAD = 32_768  # bytes of a request's line and headers
REQUEST_SECONDS, TAKEN_SECONDS = 15.0, 60.0
_CHECKS = 3.0  # in the time that a request has


class Connection(H11Protocol):
    """uvicorn's connection, which is cut where its client is too slow: uvicorn itself waits for as long as they like."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._asking_since = self._taking_since = self.loop.time()
        self._between_requests = False
        self._unsent = 0
        self._check = self.loop.call_later(REQUEST_SECONDS / _CHECKS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._check.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._between_requests:  # of a request its first bytes count alone: drop by drop is slow
            self._asking_since, self._between_requests = self.loop.time(), False
        super().data_received(data)

    def on_response_complete(self) -> None:
        self._asking_since, self._between_requests = self.loop.time(), True
        super().on_response_complete()

    def _look(self) -> None:
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        if unsent != self._unsent or not unsent:
            self._unsent, self._taking_since = unsent, now
        has_to_come = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        if (has_to_come and now - self._asking_since > REQUEST_SECONDS) or now - self._taking_since > TAKEN_SECONDS:
            self.transport.abort()
        else:
            self._check = self.loop.call_later(REQUEST_SECONDS / _CHECKS, self._look)
