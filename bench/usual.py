"""The same dashboard the usual way, as streamlit-folium's own examples write it; neither slowed nor tuned.

What follows them: the map is built on each run and given to `st_folium` with its defaults; layers are `folium.GeoJson`
with a style function, a tooltip and a popup; what was clicked is read from `last_active_drawing`; tables are read
under `st.cache_data`. Only folium's CDN addresses are replaced where `MAP_FILES` names another server.
"""

import json
import os
from datetime import date
from pathlib import Path

import folium
import pandas as pd
import streamlit as st
from folium.features import GeoJsonPopup, GeoJsonTooltip
from streamlit_folium import st_folium

from routes.dataset import load
from routes.stance import stance_at

DATA = Path(__file__).parent.parent / "data"
COLOURS = {
    "cooperates": "#1a7f5a",
    "tolerates": "#7fb26b",
    "mixed": "#d9a441",
    "returns": "#c8553d",
    "sealed": "#5b1a18",
    "unknown": "#8a8a8a",
    "none": "#555555",
}

if "MAP_FILES" in os.environ:
    import mapfiles

    folium.Map.default_js = mapfiles.links(mapfiles.JS, os.environ["MAP_FILES"])
    folium.Map.default_css = mapfiles.links(mapfiles.CSS, os.environ["MAP_FILES"])

st.set_page_config(page_title="Escape routes", layout="wide")


@st.cache_data
def read_table(name: str) -> pd.DataFrame:
    """One table of the data folder."""
    return pd.read_csv(DATA / f"{name}.csv", keep_default_na=False)


@st.cache_data
def read_layer(path: str) -> dict:
    """One layer as GeoJSON."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def with_stances(layer: dict, year: int) -> dict:
    """The layer with each feature's country and its stance at the end of `year` among the properties."""
    spells = load().spells
    for feature in layer["features"]:
        properties = feature["properties"]
        has_stance = feature["id"] in spells
        spell = stance_at(spells.get(feature["id"], ()), date(year, 12, 31))
        properties["country"] = properties.get("authority", "")
        properties["stance"] = spell.stance if has_stance else "none"
    return layer


def route_style(feature: dict) -> dict:
    """Leaflet's path options for a segment, band or mission."""
    properties = feature["properties"]
    colour = COLOURS[properties["stance"]]
    wide = "width_km" in properties
    return {"color": colour, "fillColor": colour, "weight": 12 if wide else 4, "opacity": 0.5 if wide else 0.9}


st.title("Escape routes")
countries = read_table("countries")
events = read_table("policy_events")

c1, c2 = st.columns(2)
year = c1.slider("Year", 1990, 2025, 2012)
chosen = c2.selectbox("Country", countries["code"], index=list(countries["code"]).index("CN"))

left, right = st.columns([2, 1])

with left:
    m = folium.Map(location=[30, 114], zoom_start=4, tiles=None)

    folium.GeoJson(
        str(DATA / "basemap" / "countries.geojson"),
        name="Countries",
        style_function=lambda _x: {"fillColor": "#f4f1ea", "color": "#d8d2c4", "weight": 1, "fillOpacity": 1},
        tooltip=GeoJsonTooltip(fields=["name"], aliases=["Country"]),
    ).add_to(m)
    folium.GeoJson(
        str(DATA / "basemap" / "borders.geojson"),
        name="Borders",
        style_function=lambda _x: {"color": "#a79f8f", "weight": 1},
    ).add_to(m)
    folium.GeoJson(
        str(DATA / "basemap" / "rivers.geojson"),
        name="Rivers",
        style_function=lambda _x: {"color": "#9fc3dd", "weight": 1},
    ).add_to(m)

    for path in sorted((DATA / "layers").glob("*.geojson")):
        layer = with_stances(read_layer(str(path)), year)
        folium.GeoJson(
            layer,
            name=layer["title"],
            style_function=route_style,
            marker=folium.CircleMarker(radius=6, fill=True, fill_opacity=0.9),
            tooltip=GeoJsonTooltip(fields=["name", "stance"], aliases=["Segment", "Stance"]),
            popup=GeoJsonPopup(fields=["name", "country", "stance"], aliases=["Segment", "Country", "Stance"]),
        ).add_to(m)

    folium.LayerControl().add_to(m)
    st_data = st_folium(m, width=800, height=600)

clicked = (st_data.get("last_active_drawing") or {}).get("properties", {})
country = clicked.get("country") or clicked.get("a2") or chosen

with right:
    names = dict(zip(countries["code"], countries["name"], strict=True))
    st.subheader(names.get(country, country))
    timeline = events[events["country"] == country].sort_values("date")
    for _, event in timeline[timeline["date"].str[:4].astype(int) <= year].iterrows():
        st.markdown(f"**{event['date']}** {event['title']}")
        st.caption(event["summary"])
