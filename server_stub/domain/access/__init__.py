"""Who may come near: local trust, the gateway's question, repeated requests."""
