"""How many passages of a library hold each token: counted once, since FTS5 counts them anew for every query."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable


def count_tokens(connection: sqlite3.Connection, rows: Iterable[tuple[str, str]], sign: int) -> int:
    """Adds (``sign`` 1) or takes away (-1) what passages hold to and from the numbers of passages by token.

    ``rows`` are the tokens of each passage's body and of its headings, parted by blanks. Returns how many these are in all.
    """
    holding: Counter[str] = Counter()
    total = 0
    for body, heading in rows:
        tokens = [*body.split(), *heading.split()]
        total += len(tokens)
        holding.update(set(tokens))
    connection.executemany(
        "insert into tokens (token, passages) values (?, ?)"
        " on conflict (token) do update set passages = passages + excluded.passages",
        [(token, sign * held) for token, held in sorted(holding.items())],
    )
    if sign < 0:
        connection.executemany("delete from tokens where token = ? and passages <= 0", [(token,) for token in holding])
    return total
