"""Managers and what they may do: passwords, roles, permissions."""
