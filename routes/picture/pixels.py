"""An SVG picture as pixels, by resvg with our own fonts only: the same on every machine."""

from __future__ import annotations

import resvg_py

from routes.picture.lettering import font_files
from routes.picture.svg import unclipped


def picture_png(svg: str, scale: float = 1.0) -> bytes:
    """The picture as a PNG file, `scale` pixels for each pixel of the SVG; 2 is good for print."""
    return bytes(
        resvg_py.svg_to_bytes(svg_string=unclipped(svg), zoom=scale, skip_system_fonts=True, font_files=font_files())
    )
