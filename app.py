"""The Closing Door: serve the dashboard with `streamlit run app.py`."""

import streamlit as st

from components.chapter_maps import CHAPTER_MAP_ROUTES
from components.doors import staff_doors
from components.embed_page import EMBED_ROUTES
from components.present import PRESENT_ROUTES
from components.server import FAULTS, MIDDLEWARE, ROUTES, warm_up
from components.short_links import SHORT_LINK_ROUTES
from components.staff.addresses import STAFF_MIDDLEWARE, STAFF_ROUTES, the_store

app = st.App(
    "components/shell.py",
    routes=[
        *staff_doors(the_store),
        *STAFF_ROUTES,
        *PRESENT_ROUTES,
        *CHAPTER_MAP_ROUTES,
        *SHORT_LINK_ROUTES,
        *EMBED_ROUTES,
        *ROUTES,
    ],
    middleware=[*MIDDLEWARE, *STAFF_MIDDLEWARE],
    exception_handlers=FAULTS,
    lifespan=warm_up,
)
