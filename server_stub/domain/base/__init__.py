"""What every rule stands on: durations, timestamps, fields, token strings, errors."""
