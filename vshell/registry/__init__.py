"""The registry of commands: what each one declares, from which everything else is made."""
