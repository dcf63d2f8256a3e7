"""Who may come near: local trust, proxies, the gateway's question, repeated requests."""
