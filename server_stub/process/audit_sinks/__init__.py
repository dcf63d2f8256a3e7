"""Where the audit chain goes besides the database: a file that is only added to, syslog.

A kind of sink is one module with one class; ``pump`` hands each of them every line, at least once and in order.
"""
