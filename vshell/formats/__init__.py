"""The formats of texts that the shell and the server read alike.

They are durations, tokens, user names, and what of a foreign text may be shown.

Rules: standard library only, and cheap to import: this is the one room of the shell that the server may import.
"""

OUTPUT_FORMATS = ("table", "vertical", "json", "jsonl", "csv", "tsv", "yaml", "markdown", "ids")
"""The names of the formats in which results are shown; ``vshell.output`` writes them."""
