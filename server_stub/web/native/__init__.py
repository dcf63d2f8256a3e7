"""The native front door, below ``/api``: one module per noun."""
