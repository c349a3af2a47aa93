"""How what was found is said."""
