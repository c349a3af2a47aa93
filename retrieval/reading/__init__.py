"""From the bytes of a file of any accepted type to its raw text.

``kinds`` tells what a file is by its content; plain text is decoded here, everything else is read in a child process
(``sandbox`` starts it, ``child`` runs in it), by the module that ``readers`` names for its kind.
"""
