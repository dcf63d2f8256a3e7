"""An address as a QR code for a terminal, so that a phone can open it: half a block for each module.

Light modules are drawn and dark ones left out, for letters are light on most terminals; readers take either. The code
holds the address alone, never what is to be typed there: a link with the code in it is what phishing sends.

``segno`` is imported when a code is drawn.
"""

from __future__ import annotations

QUIET = 2
"""Modules of margin; the standard wants four, readers are content with two, and terminals are small."""


def draw_code(text: str, columns: int, lines: int) -> str | None:
    """Return the code in lines of text, None where so many columns and lines do not hold it."""
    import segno

    code = segno.make(text, error="l", micro=False)
    rows = [[not dark for dark in row] for row in code.matrix_iter(border=QUIET)]
    if len(rows[0]) >= columns or (len(rows) + 1) // 2 >= lines:
        return None
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(blocks[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
