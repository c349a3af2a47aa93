"""What Chinese means: characters folded, words cut, numbers, units, names of indicators and places; word lists as data."""
