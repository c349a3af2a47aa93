"""From a text to its sections and passages."""
