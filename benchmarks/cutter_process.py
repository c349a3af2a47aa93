"""Loads one cutter for ``lexical`` and prints, as JSON, its seconds to the first cut sentence and its memory in MB.

A small process of its own: what else a benchmark has loaded and let go would hide what a cutter takes.
"""

import json
import sys
import time

from benchmarks.memory import memory_of
from retrieval.language import tokens


def main() -> None:
    terms = tokens.user_terms()
    before, started = memory_of().now, time.perf_counter()
    cutter = getattr(tokens, sys.argv[1])(terms)  # held until its memory has been read
    cutter.words("全年地区生产总值增长百分之六")
    print(json.dumps([time.perf_counter() - started, memory_of().now - before]))


if __name__ == "__main__":
    main()
