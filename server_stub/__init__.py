"""The server: the package root holds the pure rules, store/ the SQL, web/ the HTTP."""
