"""From sentences to figures: each value with its indicator, kind, year and measure."""
