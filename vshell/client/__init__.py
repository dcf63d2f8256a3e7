"""The HTTP client: transports, retries, pagination, the embedded server, the device flow."""
