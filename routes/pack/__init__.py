"""The briefing pack: what a story hands out, made from published data and able to be held against it later.

    slides      PPTX                    pictures    PNG and SVG, the social card      data_files   GeoJSON, CSV, GPKG
    manifest    the facts in a file     sealing     where they stand in it            verifying    do they still hold?
    parts       what a pack consists of             building    all of it, in a process of its own

Nothing here is imported by its package, so that a page that only offers a pack does not load what makes it.
"""
