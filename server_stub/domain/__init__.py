"""The rules, as pure functions over frozen records.

Rules: no SQL, no HTTP, no clock, no randomness; a rule is handed ``now`` and fresh randomness.
"""
