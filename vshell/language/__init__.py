"""The language: from a typed line to a parsed one.

Rules: parsing never raises, and needs no server.
"""
