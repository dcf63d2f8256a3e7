"""The two engines: connection, writer, drivers, migrations."""
