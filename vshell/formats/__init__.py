"""Formats of token strings, durations, user names and safe text: pure, standard library only.

The one room that the server may import from the shell.
"""

OUTPUT_FORMATS = ("table", "vertical", "json", "jsonl", "csv", "tsv", "yaml", "markdown", "ids")
"""The names of the formats in which results are shown; ``vshell.output`` writes them."""
