"""The native API, below ``/api``: one module per noun."""
