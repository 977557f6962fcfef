"""A story that comes in: its own JSON and nothing else, since no column of a table holds a chapter's view.

    is_story_file(bytes)                 whether somebody means it for a story
    read_story_file(bytes, name)         the story, whole: it takes the place of what was there
"""

from __future__ import annotations

from routes.documents import STORIES, Document, read_document
from routes.exchange.limits import MAX_BYTES, RefusedFileError, labelled
from routes.located_json import read_json
from routes.stories import read_story

_A_STORY = "a story as it is exported (JSON with a list 'chapters')"
_REMEDY = "Export the story, edit the copy, and bring that in."
_MOST_TOLD = 3


def is_story_file(data: bytes) -> bool:
    """Whether the bytes, no more than an upload may have, are a JSON object with chapters and without features."""
    if b'"chapters"' not in data or len(data) > MAX_BYTES:
        return False
    value = read_json(data, "").value
    return isinstance(value, dict) and "chapters" in value and "features" not in value


def read_story_file(data: bytes, name: str) -> Document:
    """The story in a file; `name` is a label for messages.

    Raises RefusedFileError where it is none, or where a chapter could not be shown.
    """
    label = labelled(name)
    if not is_story_file(data):
        raise RefusedFileError(_A_STORY, "another file", _REMEDY, file=label)
    _, problems = read_story("story", data)
    if problems:
        told = [f"line {one.line}: {one.message.rstrip('.')}" for one in problems[:_MOST_TOLD]]
        more = [f"{len(problems) - _MOST_TOLD:,} more"] if len(problems) > _MOST_TOLD else []
        got = f"one with faults ({'; '.join([*told, *more])})"
        raise RefusedFileError("a story whose every part can be shown", got, "Mend the file.", file=label)
    return read_document(f"{STORIES}story", data)
