"""The token and its rules: issuance, expiry, emergency access, roles, proof of home."""
