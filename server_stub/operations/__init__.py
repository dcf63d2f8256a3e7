"""What several front doors do alike: find the actor, issue, run the device flow, replay an answer."""
