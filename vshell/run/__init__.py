"""Running a line, a script, or several lines at once."""
