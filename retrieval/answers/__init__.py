"""From what is asked to a reply: one module a kind of question."""
