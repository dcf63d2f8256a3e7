"""The server as a process: start, workers, certificates, checkpoint signing, audit sinks, stop."""
