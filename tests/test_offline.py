"""What the offline page holds: published data only, safe inside a page, sealed, and the same as the live panel says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import HOSTILE
from pack_making import hostile_story, story_named

from routes import answers
from routes.dataset import Dataset, load
from routes.pack.explaining import explaining_data
from routes.pack.offline import as_script_data, offline_html
from routes.pack.verifying import verify
from routes.records import ROUTE_IDS
from routes.telling import legs_of, read_aloud
from routes.words import say

TODAY = date(2026, 11, 22)
MOST_BYTES = 3_000_000
DAYS = [date(1990, 1, 1), date(1999, 6, 1), date(2012, 12, 31), date(2013, 5, 28), date(2019, 12, 31), date(2026, 1, 1)]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load()


@pytest.fixture(scope="module")
def said(dataset: Dataset) -> Any:
    return explaining_data(dataset, today=TODAY)


@pytest.fixture(scope="module")
def page(dataset: Dataset) -> bytes:
    return offline_html(story_named(dataset, "closing-door"), dataset, today=TODAY)


def spell_at(said: Any, subject: Any, day: date) -> Any:
    """As the page's script looks it up."""
    stand, iso = said["stands"][subject["stand"]], day.isoformat()
    found = (one for one in stand["spells"] if one["start"] <= iso and (one["end"] is None or iso <= one["end"]))
    return next(found, stand["unknown"])


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_country_says_what_the_live_panel_says(dataset: Dataset, said: Any, day: date) -> None:
    for code in answers.on_the_way(dataset):
        live, ours = answers.country_stand(dataset, code, day), spell_at(said, said["subjects"][code], day)
        assert (ours["stance"], ours["sentence"], ours["detail"]) == (live.spell.stance, live.sentence, live.detail)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_feature_says_what_the_live_panel_says_and_why(dataset: Dataset, said: Any, day: date) -> None:
    for feature in dataset.features.values():
        if not feature.authority:
            continue
        spells, at_mission = dataset.spells.get(feature.id, ()), feature.kind == "mission"
        live = answers.stand_of(dataset, feature.authority, spells, day, at_mission=at_mission)
        subject = said["subjects"][feature.id]
        ours = spell_at(said, subject, day)
        assert (ours["stance"], ours["sentence"], ours["detail"]) == (live.spell.stance, live.sentence, live.detail)
        assert ours["effects"] == list(live.spell.effects)
        unmoved = {reason.effect.id for reason in answers.unmoved(dataset, feature.effect_scopes, live.spell, day)}
        kept = set(said["stands"][subject["stand"]]["unmoved"]) - set(ours["effects"])
        begun = {one for one in kept if said["events"][said["effects"][one]["event"]]["day"] <= day.isoformat()}
        assert unmoved == begun


def test_everything_cited_is_in_the_page_and_every_source_is(dataset: Dataset, said: Any) -> None:
    cited = {
        source
        for table in ("events", "notes", "terms")
        for record in said[table].values()
        for source, _ in record["sources"]
    }
    assert cited <= said["sources"].keys() == dataset.sources.keys()
    assert {effect["event"] for effect in said["effects"].values()} <= said["events"].keys()


def test_routes_are_told_as_they_are_on_the_live_map(dataset: Dataset, said: Any) -> None:
    for route in ROUTE_IDS:
        legs = legs_of(dataset, route, TODAY)
        assert said["subjects"][route]["legs"] == [leg.feature.id for leg in legs]
        assert said["subjects"][route]["told"] == read_aloud(legs)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.org", "not stated", "ftp://x"]
)
def test_only_addresses_of_the_web_become_links(dataset: Dataset, address: str) -> None:
    one = next(iter(dataset.sources.values()))
    changed = replace(dataset, sources={**dataset.sources, one.id: replace(one, address=address)})
    assert "address" not in explaining_data(changed, today=TODAY)["sources"][one.id]


@given(st.recursive(st.text() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_in_a_script_element_cannot_end_it_and_reads_back_the_same(value: Any) -> None:
    text = str(as_script_data(value))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


@pytest.mark.parametrize("text", ["</script>", "<!--", "<script", "]]>", HOSTILE])
def test_no_text_can_end_a_script_element(text: str) -> None:
    assert "<" not in as_script_data({text: [text]})


def test_every_story_makes_a_page_under_three_megabytes(dataset: Dataset) -> None:
    for story in dataset.stories:
        assert len(offline_html(story, dataset, today=TODAY)) < MOST_BYTES


def test_the_page_names_nothing_that_a_browser_would_fetch(page: bytes) -> None:
    html = page.decode()
    style = html[html.index("<style>") : html.index("</style>")]
    assert set(re.findall(r"url\(([a-z]+:)?", style)) == {"data:"}
    assert not re.search(r"@import|image-set", style)
    outside = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r"<(img|iframe|object|embed|video|audio|form|base)\b|\bsrc=|\son\w+=", outside)
    assert re.findall(r'<link[^>]*href="([^"]*)"', outside) == ["data:,"]


def test_a_browser_may_run_only_the_four_scripts_and_reach_nothing(page: bytes) -> None:
    html = page.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#39;", "'").split("; "))
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts]
    assert len(scripts) == 4
    assert rules["script-src"] == " ".join(hashes)
    assert rules["default-src"] == rules["connect-src"] == "'none'"
    assert "unsafe" not in policy[1]


def test_the_page_says_its_date_version_licence_and_what_it_is_not(page: bytes, dataset: Dataset) -> None:
    html = page.decode()
    for words in (dataset.fingerprint, "22 November 2026", "CC BY 4.0", say("site.not_advice")):
        assert words in html[html.index('<footer id="about">') :][:1500]


def test_the_page_can_be_verified_and_a_changed_figure_is_noticed(page: bytes, dataset: Dataset) -> None:
    assert verify(page, dataset) == []
    assert verify(page.replace(b"2706", b"2707", 1), dataset) == [say("verify.changed")]


def test_hostile_text_in_every_field_adds_no_element_to_the_page(hostile_folder: Path) -> None:
    hostile = load(hostile_folder)
    story = hostile_story(story_named(hostile, "laos-2013"))
    html = offline_html(story, hostile, today=TODAY, address="javascript:window.hurt=1").decode()
    assert html.count("window.hurt") > 500
    assert len(re.findall(r"<script\b", html)) == len(re.findall(r"</script>", html)) == 4 + 6 + 1
    assert 'href="javascript:' not in html
    assert "<img" not in re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)


def test_without_a_basemap_there_is_a_page_all_the_same(small_folder: Path, dataset: Dataset) -> None:
    small = load(small_folder)
    assert offline_html(story_named(dataset, "laos-2013"), small, today=TODAY).startswith(b"<!doctype html>")
