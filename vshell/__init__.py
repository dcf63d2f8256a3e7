"""The shell: an admin's command line for API tokens and the people who hold them."""

__version__ = "0.1.0"
