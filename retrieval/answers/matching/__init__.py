"""Which words and which figures of a report answer a part of a question."""
