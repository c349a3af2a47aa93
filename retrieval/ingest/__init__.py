"""A file becomes a stored report; stored reports are changed, derived again and verified."""
