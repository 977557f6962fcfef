"""The one place where text from data, a form or a link is made harmless before it reaches a page or a file.

HTML goes through `components.markup`, whose templates escape everything and pass it through `visible`.
"""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|:$~^=&@/])")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    """`text` with every control, zero-width and direction-changing character written out, so that it shows as typed.

    >>> visible("a\\u202eb")
    'a⟨U+202E⟩b'
    """
    return _HIDDEN.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text)


def markdown(text: str) -> str:
    """`text` as Streamlit Markdown that shows exactly as typed: every mark of Markdown is escaped, also ':' and '$'."""
    return _MARKDOWN.sub(r"\\\1", visible(text)).replace("\n", " ")


def csv_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def folded(text: str) -> str:
    """`text` for comparing: no case, no accents."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
