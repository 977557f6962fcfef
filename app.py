"""The Closing Door: serve the dashboard with `streamlit run app.py`."""

import streamlit as st

from components.server import FAULTS, MIDDLEWARE, ROUTES, warm_up

app = st.App("components/shell.py", routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=FAULTS, lifespan=warm_up)
