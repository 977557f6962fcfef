"""What is shared opens the view it was shared from, and no text in it becomes markup."""

from __future__ import annotations

import io
import json
from datetime import date
from html.parser import HTMLParser
from itertools import combinations
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import fromstring

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from making import TODAY
from PIL import Image

from routes.dataset import Dataset
from routes.picture import picture_png
from routes.sharing import CONTROLS, citations_of, embed_code, embed_link, link_of, qr_svg, shared
from routes.view import Filter, MapPosition, View, read_view
from routes.words import say

ADDRESS = "https://closing-door.example.org"
FINGERPRINT = "0123456789abcdef"
WHOLE = View(
    as_of=date(2013, 5, 28), selection="la-transit", layers=("laos-thailand", "embassies"),
    filter=Filter(country=("LA", "TH"), effect=("restricts",)), position=MapPosition(6.25, 19.2, 102.1),
)  # fmt: skip
VIEWS = pytest.mark.parametrize(
    "view", [View(as_of=date(2014, 12, 31)), WHOLE, View(as_of=date(2020, 1, 31), layers=())]
)
SUBSETS = [subset for n in range(len(CONTROLS) + 1) for subset in combinations(CONTROLS, n)]


class Tags(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def params(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


def scanned(svg: str) -> list[str]:
    """What a telephone reads from a QR code."""
    image = Image.open(io.BytesIO(picture_png(svg.replace("<svg", '<svg width="400" height="400"', 1))))
    return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]


@VIEWS
def test_link_and_qr_code_and_embedded_map_open_the_view_they_were_shared_from(
    real_dataset: Dataset, view: View
) -> None:
    found = shared(view, ADDRESS, today=TODAY, fingerprint=FINGERPRINT)
    (_, frame), *_ = Tags(found.embed).found
    assert found.link.startswith(f"{ADDRESS}/?")
    assert scanned(found.qr) == [found.link]
    for link in (found.link, frame["src"] or ""):
        assert read_view(params(link), real_dataset, today=TODAY) == (view, [])


def test_a_slash_after_the_address_changes_nothing() -> None:
    assert link_of({"as_of": "2014"}, ADDRESS + "/") == link_of({"as_of": "2014"}, ADDRESS) == f"{ADDRESS}/?as_of=2014"


@pytest.mark.parametrize("controls", SUBSETS, ids=lambda subset: ",".join(subset) or "none")
def test_embed_link_names_the_controls_unless_all_are_shown(controls: tuple[str, ...]) -> None:
    link = embed_link(WHOLE, ADDRESS, controls=controls)
    assert urlsplit(link).path == "/embed"
    said = params(link).pop("controls", ",".join(CONTROLS))
    assert said == (",".join(controls) or "none")


def test_embedded_map_has_a_title_a_size_and_no_more_rights_than_it_needs() -> None:
    ((tag, frame),) = Tags(embed_code(WHOLE, ADDRESS, size=(640, 400))).found
    assert tag == "iframe"
    assert (frame["width"], frame["height"]) == ("640", "400")
    assert frame["title"] == say("share.frame", title=say("site.title"), date="28 May 2013")
    assert set((frame["sandbox"] or "").split()) == {"allow-scripts", "allow-same-origin", "allow-popups"}


@given(st.text(alphabet=st.sampled_from("\"'<>&= /x"), max_size=20))
def test_no_text_breaks_out_of_the_embed_code(text: str) -> None:
    code = embed_code(View(as_of=date(2014, 12, 31), selection=text), ADDRESS + "/" + text)
    ((tag, frame),) = Tags(code).found
    assert tag == "iframe"
    assert set(frame) == {"src", "title", "width", "height", "style", "loading", "sandbox"}
    assert (frame["src"] or "").startswith(f"{ADDRESS}/{text}".rstrip("/"))


def test_qr_code_is_an_svg_of_shapes_with_a_quiet_border() -> None:
    root = fromstring(qr_svg(f"{ADDRESS}/?as_of=2014"))
    assert {found.tag.rpartition("}")[2] for found in root.iter()} == {"svg", "path"}
    modules = int((root.get("viewBox") or "").split()[2])
    assert modules >= 21 + 2 * 4


def test_longest_link_still_fits_a_qr_code(real_dataset: Dataset) -> None:
    layers = tuple(layer.id for layer in real_dataset.layers)
    countries = tuple({event.country: None for event in real_dataset.policy_events.values()})
    longest = max(real_dataset.policy_events, key=len)
    view = View(
        as_of=date(2013, 5, 28), selection=longest, layers=layers, filter=Filter(country=countries),
        position=MapPosition(6.25, 19.23, 102.11),
    )  # fmt: skip
    link = link_of(view.to_params(), ADDRESS)
    assert scanned(qr_svg(link)) == [link]


def test_a_view_is_cited_in_two_styles_of_text_and_in_three_formats() -> None:
    link = link_of(WHOLE.to_params(), ADDRESS)
    cited = citations_of(WHOLE, link, today=TODAY, fingerprint=FINGERPRINT)
    assert list(cited) == [say("share.apa"), say("share.chicago"), "BibTeX", "RIS", "CSL-JSON"]
    for text in cited.values():
        assert link in text
        assert FINGERPRINT in text
        assert "28 May 2013" in text
    assert json.loads(cited["CSL-JSON"])[0]["URL"] == link


def test_text_styles_read_as_their_manuals_say() -> None:
    cited = citations_of(View(as_of=date(2014, 12, 31)), "https://x.org/?as_of=2014", today=TODAY, fingerprint="abc")
    assert cited[say("share.apa")] == (
        "Maintainers of The Closing Door. (2026, November 22). The Closing Door, end of 2014 (Data version abc) [Map]. "
        "Retrieved November 22, 2026, from https://x.org/?as_of=2014"
    )
    assert cited[say("share.chicago")] == (
        "Maintainers of The Closing Door, “The Closing Door, end of 2014,” data version abc, accessed November 22, "
        "2026, https://x.org/?as_of=2014."
    )
