"""The state of this shell: servers, settings, credentials, keyring, history, projects."""
