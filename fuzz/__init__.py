"""Fuzzing of the readers and of the question parser: ``make fuzz``, or ``python -m fuzz [TARGET ...] [--inputs N]``."""
