"""Benchmarks of adding, asking, starting and ranking: ``python -m benchmarks``. Ratios are against baselines of the same run."""
