"""The prompt: everything that imports prompt_toolkit, and nothing else does.

Completion, colours, the toolbar and the keys are readers of the one ``ParsedLine`` that ``vshell.language.grammar``
makes of a line; none of them takes a line apart again. Nothing that runs while a key is handled waits for a server,
but for the few milliseconds in which one has just shown to answer.
"""
