"""Pictures of the map, drawn here without a browser: SVG, and PNG from it, in the look of the live map.

    composing   what goes where          furniture   legend, date, scale, credits, titles
    framing     which part of the world  ground      the basemap        ways   routes and missions
    names       names and pins           lettering   fonts              svg    safe elements
    palette     colours and dashes       saying      the picture in words

Positions come from `Dataset.drawings` alone, so no picture is finer than the published map.
"""

from routes.picture.composing import Parts, picture_svg
from routes.picture.pixels import picture_png
from routes.picture.saying import picture_words

__all__ = ["Parts", "picture_png", "picture_svg", "picture_words"]
