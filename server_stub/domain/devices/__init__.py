"""The device flow as rules: states, limits, terminals."""
