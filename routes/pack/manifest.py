"""What a handed-out file carries of the facts it states, so that anybody can hold it against the data later.

{"made", "fingerprint", "story", "title", "chapters": [{id, title, as_of, facts: [key]}],
 "facts": {key: {name, says}}, "digest"}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from routes.dataset import Dataset
from routes.pack.facts import Fact, chapter_keys, facts_of, view_keys
from routes.problems import UnreadableError
from routes.stories import Story
from routes.text import visible
from routes.view import View

FORMAT = "the-closing-door-manifest-1"

_AS_IT_IS = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""So the same text can stand in XML and HTML."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A chapter or a single view: its date, and the keys of the facts it states."""

    id: str
    title: str
    as_of: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The facts of one file with the day and the state of the data they come from; `story` is "" for a single view."""

    story: str
    title: str
    made: date
    fingerprint: str
    scenes: tuple[Scene, ...]
    facts: Mapping[str, Fact]

    def as_json(self) -> str:
        """The manifest as ASCII JSON with a digest of itself, safe inside XML and HTML; `read_manifest` reads it."""
        body = self._body()
        text = json.dumps({**body, "digest": digest_of(body)}, ensure_ascii=True, separators=(",", ":"))
        return text.translate(_AS_IT_IS)

    def _body(self) -> dict[str, Any]:
        scenes = [{"id": s.id, "title": s.title, "as_of": s.as_of, "facts": [*s.keys]} for s in self.scenes]
        return {
            "format": FORMAT,
            "made": self.made.isoformat(),
            "fingerprint": self.fingerprint,
            "story": self.story,
            "title": self.title,
            "chapters": scenes,
            "facts": {key: {"name": fact.name, "says": dict(fact.says)} for key, fact in self.facts.items()},
        }


def manifest_of(story: Story, dataset: Dataset, today: date) -> Manifest:
    """Every fact that the parts of a story's pack state, chapter by chapter."""
    scenes = tuple(
        Scene(id=chapter.id, title=_kept(chapter.title), as_of=chapter.as_of.isoformat(),
              keys=tuple(map(_kept, chapter_keys(story, chapter, dataset, today))))
        for chapter in story.chapters
    )  # fmt: skip
    return _made(story.id, story.title, scenes, dataset, today)


def manifest_of_view(view: View, dataset: Dataset, today: date, title: str = "") -> Manifest:
    """Every fact that a picture of one view states."""
    name = " ".join(view.to_params().values())
    scene = Scene(id="view", title=name, as_of=view.as_of.isoformat(), keys=tuple(view_keys(dataset, view)))
    return _made("", title or name, (scene,), dataset, today)


def _made(story: str, title: str, scenes: tuple[Scene, ...], dataset: Dataset, today: date) -> Manifest:
    found = facts_of(dataset, _all_keys(scenes))
    return Manifest(
        story=story, title=_kept(title), made=today, fingerprint=dataset.fingerprint, scenes=scenes,
        facts={key: kept_fact(fact) for key, fact in found.items()},
    )  # fmt: skip


def _all_keys(scenes: Iterable[Scene]) -> list[str]:
    return [key for scene in scenes for key in scene.keys]


def kept_fact(fact: Fact) -> Fact:
    """The fact with everything hidden in its words written out, as files keep it."""
    return Fact(_kept(fact.name), {member: _kept(text) for member, text in fact.says.items()})


def _kept(text: str) -> str:
    return visible(text)


def digest_of(body: Mapping[str, Any]) -> str:
    """The SHA-256 of a manifest without its own digest."""
    kept = {name: value for name, value in body.items() if name not in ("digest", "seal")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def read_manifest(text: str) -> tuple[Manifest, bool]:
    """The manifest in a text and whether its digest is right. Raises UnreadableError for what is none of ours."""
    try:
        body = json.loads(text)
        scenes = tuple(
            Scene(id=str(s["id"]), title=str(s["title"]), as_of=str(s["as_of"]), keys=tuple(map(str, s["facts"])))
            for s in body["chapters"]
        )
        facts = {
            str(key): Fact(str(fact["name"]), {str(member): str(said) for member, said in fact["says"].items()})
            for key, fact in body["facts"].items()
        }
        manifest = Manifest(
            story=str(body["story"]), title=str(body["title"]), made=date.fromisoformat(body["made"]),
            fingerprint=str(body["fingerprint"]), scenes=scenes, facts=facts,
        )  # fmt: skip
        return manifest, body["format"] == FORMAT and body["digest"] == digest_of(body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError(f"Expected a manifest of The Closing Door, got what cannot be read ({error}).") from None
