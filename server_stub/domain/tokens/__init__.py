"""The token and its rules: issuance, expiry, quotas, scopes."""
