"""What outer shells and readers get from the registry: completion scripts, a command reference, JSON.

``python -m vshell.export`` writes ``completions/``; everything in it comes from the registry and the flags alone.
"""
