"""What every rule stands on: times, fields, token strings, errors."""
