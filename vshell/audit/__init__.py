"""The audit chain as an outsider reads it: an export's lines, signed checkpoints, and the verdict.

This is a second reader of the format that ``chain.py`` and ``checkpoints.py`` in ``server_stub/domain/audit`` describe,
and it shares no code with the writer; the vectors in ``tests/vectors`` hold the two together. It needs no server.
"""
