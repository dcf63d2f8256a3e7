"""The audit chain as rules: records, checkpoints, export."""
