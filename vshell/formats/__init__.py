"""Formats of token strings, durations, user names and safe text: pure, standard library only.

The one room that the server may import from the shell.
"""
