"""The terminal: widths, questions, progress, QR codes, signals, and what may be printed."""
