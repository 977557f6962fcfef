"""What the share dialog offers for a view: its link, a QR code, an embed code, and how to cite it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode, urlsplit

import segno
from markupsafe import Markup

from routes.citations import cite_view
from routes.view import View
from routes.words import as_of_words, date_words, say

EMBED_SIZE = (800, 560)
"""The pixels of an embedded map, as wide as the column of most pages."""

ADDRESS_VARIABLE = "ROUTES_ADDRESS"
_SITE = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:(?P<port>[0-9]{1,5}))?(/[A-Za-z0-9._~/-]*)?")

CONTROLS = ("clock", "legend", "layers", "zoom", "reset")
"""What an embedded map may have beside the map, in the order of the dialog's switches."""


@dataclass(frozen=True)
class Shared:
    """A view to hand on. `citations` are ready to paste, by the name of their style."""

    link: str
    embed: str
    qr: str
    citations: Mapping[str, str]


def shared(
    view: View,
    address: str,
    *,
    today: date,
    fingerprint: str,
    controls: tuple[str, ...] = ("clock", "legend"),
    size: tuple[int, int] = EMBED_SIZE,
) -> Shared:
    """Everything the dialog shows of a view of the server at `address` (`https://example.org`)."""
    link = link_of(view.to_params(), address)
    return Shared(
        link=link,
        embed=embed_code(view, address, controls=controls, size=size),
        qr=qr_svg(link),
        citations=citations_of(view, link, today=today, fingerprint=fingerprint),
    )


def link_of(params: Mapping[str, str], address: str) -> str:
    """The link to a view, as the address bar has it; `params` are those of `View.to_params` or of a chapter."""
    return f"{address.rstrip('/')}/?{urlencode(params, safe=',/:', errors='replace')}"


def site_address() -> str:
    """The address of the public site that `ROUTES_ADDRESS` names; nothing where it names none."""
    address = os.environ.get(ADDRESS_VARIABLE, "").strip()
    return address if is_site_address(address) else ""


def is_site_address(address: str) -> bool:
    """Whether a site may stand there: scheme, host, perhaps port and path, and nothing else that links would carry."""
    match = _SITE.fullmatch(address)
    return match is not None and int(match["port"] or 0) < 2**16


def is_web_address(address: str) -> bool:
    """Whether an address may become a link."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def short_link(story_id: str, chapter_id: str, address: str) -> str:
    """The link to a chapter's view that people can type; the server leads from it to the whole one."""
    names = (quote(name, safe="", errors="replace") for name in (story_id, chapter_id))
    return "/".join([address.rstrip("/"), "s", *names])


def embed_link(view: View, address: str, *, controls: tuple[str, ...] = CONTROLS) -> str:
    """The address of a view for another site's frame; `controls` are named only where some are left out."""
    shown = [name for name in CONTROLS if name in controls]
    params = view.to_params()
    if len(shown) < len(CONTROLS):
        params["controls"] = ",".join(shown) or "none"
    return f"{address.rstrip('/')}/embed?{urlencode(params, safe=',/:')}"


def embed_code(
    view: View, address: str, *, controls: tuple[str, ...] = CONTROLS, size: tuple[int, int] = EMBED_SIZE
) -> str:
    """A frame of the view for another site's page. It may run its own script and open links, and nothing else."""
    width, height = size
    return Markup(
        '<iframe src="{src}" title="{title}" width="{width}" height="{height}" style="border:0;max-width:100%" '
        'loading="lazy" sandbox="allow-scripts allow-same-origin allow-popups"></iframe>'
    ).format(
        src=embed_link(view, address, controls=controls),
        title=say("share.frame", title=say("site.title"), date=as_of_words(view.as_of)),
        width=width,
        height=height,
    )


def qr_svg(link: str) -> str:
    """The link as a QR code: black squares on white with the quiet border that readers need, in SVG."""
    out = io.BytesIO()
    code = segno.make_qr(link, error="m")
    code.save(out, kind="svg", border=4, light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue().decode("utf-8").strip()


def citations_of(view: View, link: str, *, today: date, fingerprint: str) -> dict[str, str]:
    """How to cite the view: text in two styles, BibTeX, RIS and CSL-JSON."""
    cited = cite_view(say("site.title"), link, view.as_of, today, fingerprint)
    return {
        say("share.apa"): apa(view.as_of, link, today=today, fingerprint=fingerprint),
        say("share.chicago"): chicago_note(view.as_of, link, today=today, fingerprint=fingerprint),
        **{name: text for name, text in cited.items() if name != "plain text"},
    }


def apa(as_of: date, link: str, *, today: date, fingerprint: str) -> str:
    """A reference in the manner of APA 7: a map on a site that changes, with the day it was retrieved."""
    return say(
        "share.apa_text",
        author=say("citation.author"),
        year=str(today.year),
        month_day=_month_first(today).partition(",")[0],
        title=_titled(as_of),
        fingerprint=fingerprint,
        retrieved=_month_first(today),
        link=link,
    )


def chicago_note(as_of: date, link: str, *, today: date, fingerprint: str) -> str:
    """A note in the manner of Chicago's notes and bibliography (17th edition, 14.207: sites)."""
    return say(
        "share.chicago_text",
        author=say("citation.author"),
        title=_titled(as_of),
        fingerprint=fingerprint,
        accessed=_month_first(today),
        link=link,
    )


def _titled(as_of: date) -> str:
    return say("citation.view", title=say("site.title"), date=as_of_words(as_of))


def _month_first(day: date) -> str:
    """A day as both styles write it: 'November 22, 2026'."""
    number, month, year = date_words(day).split(" ")
    return f"{month} {number}, {year}"
