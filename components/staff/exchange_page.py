"""Files in and out: an upload with its preview and mapping becomes a step of the draft; what is published goes out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from components import state
from components.staff.fields import label_of
from components.staff.office import Work, layers_first
from components.staff.steps import has_words, make_step
from components.staff.telling import document_title, show_refusal, show_told
from routes.documents import LAYERS, STORIES, Document, is_document_id, is_layer, is_story
from routes.exchange import (
    FORMATS,
    MAX_BYTES,
    Incoming,
    Part,
    RefusedFileError,
    Upload,
    export,
    fields_for,
    formats_for,
    guess_mapping,
    is_story_file,
    joined,
    mapped,
    read_story_file,
    read_upload,
)
from routes.generalising import generalised
from routes.mending import id_from
from routes.merging import changes_between
from routes.problems import RoutesError
from routes.text import markdown
from routes.words import say

PREVIEW_ROWS = 8
READ_ANEW = 600
"""Seconds after which a file is read again: a busy server may have refused what it can read now."""


def show(work: Work) -> None:
    """Import beside export."""
    coming, going = st.columns(2, gap="large")
    with coming:
        st.subheader(say("staff.import.title"))
        _import(work)
    with going:
        st.subheader(say("staff.export.title"))
        _export(work)


def _import(work: Work) -> None:
    extensions = [form.extension.lstrip(".") for form in FORMATS.values()]
    key, most = f"upload-{state.epoch()}", MAX_BYTES // 2**20
    file = st.file_uploader(say("staff.import.file"), [*extensions, "json"], key=key, max_upload_size=most)
    pasted = st.text_area(say("staff.import.paste"), key=f"paste-{state.epoch()}", height=80)
    if file is None and not pasted.strip():
        return
    data = file.getvalue() if file else pasted.encode("utf-8", "replace")
    name = file.name if file else say("staff.import.pasted")
    if is_story_file(data):
        _story_into(work, data, name)
        return
    upload = _read(data, name)
    if isinstance(upload, RefusedFileError):
        show_refusal(upload)
        return
    for note in upload.notes:
        st.caption(markdown(note))
    numbers = range(len(upload.parts))
    names = [part.name or str(number + 1) for number, part in enumerate(upload.parts)]
    chosen = 0
    if len(names) > 1:
        chosen = st.selectbox(say("staff.import.part"), numbers, key="import-part", format_func=names.__getitem__)
    _map_into(work, upload.parts[chosen], Path(name).stem if file else "")


def _read(data: bytes, name: str) -> Upload | RefusedFileError:
    """The file, or why it is refused; read once, however often the page is drawn."""
    read = st.cache_data(_read_or_refuse, ttl=READ_ANEW, max_entries=4, show_spinner=say("staff.import.reading"))
    return read(data, name)


def _read_or_refuse(data: bytes, name: str) -> Upload | RefusedFileError:
    try:
        return read_upload(data, name)
    except RefusedFileError as error:
        return error


def _story_into(work: Work, data: bytes, name: str) -> None:
    """A story's own file: the story it is becomes what the file says."""
    try:
        story = read_story_file(data, name)
    except RefusedFileError as error:
        show_refusal(error)
        return
    st.caption(say("staff.import.story", title=markdown(str(story.head["title"])), n=len(story.records)))
    target = _target(work, STORIES, set(story.records), str(story.head["title"]), name)
    if target is not None:
        _offer(work, target, story)


def _map_into(work: Work, part: Part, stem: str) -> None:
    st.dataframe(pd.DataFrame([dict(item.values) for item in part.items[:PREVIEW_ROWS]]).astype(str), hide_index=True)
    st.caption(say("staff.import.count", n=len(part.items)))
    ids = {str(item.values["id"]) for item in part.items if "id" in item.values}
    target = _target(work, LAYERS, ids, part.name or stem, f"{part.file}-{part.name}")
    if target is None:
        return
    existing = work.documents.get(target)
    mapping, defaults = _mapping(part, target, existing)
    try:
        incoming = mapped(part, target, mapping, defaults, taken=_all_ids(work))
    except RefusedFileError as error:
        show_refusal(error)
        return
    _preview(work, target, existing, incoming)


def _all_ids(work: Work) -> set[str]:
    return {record for document in work.documents.values() for record in document.records}


def _target(work: Work, folder: str, ids: set[str], title: str, file: str) -> str | None:
    """The document to bring it into: at first the one that has most of the file's ids.

    A story's file goes into stories, any other into layers and tables.
    """
    new = say("staff.import.new_story" if folder == STORIES else "staff.import.new_layer")
    known = [name for name in layers_first(work.documents) if is_story(name) == (folder == STORIES)]
    names = [*known, new]
    shared = {name: len(ids & work.documents[name].records.keys()) for name in known}
    likely = max(shared, key=lambda name: shared[name], default=new)
    at = names.index(likely) if shared.get(likely) else len(names) - 1
    target = st.selectbox(
        say("staff.import.into"), names, at, key=f"import-into-{file}",
        format_func=lambda name: name if name == new else document_title(name, work.documents),
    )  # fmt: skip
    return str(target) if target != new else _new_id(folder, title, file)


def _new_id(folder: str, title: str, file: str) -> str | None:
    """The new document's id: as typed, else made of that and said; what is expected, where nothing can be made."""
    typed = st.text_input(say("staff.import.layer_id"), id_from(title), key=f"import-id-{file}").strip()
    name = folder + (typed if is_document_id(folder + typed) else id_from(typed))
    if not is_document_id(name):
        st.info(say("staff.import.id_expected"))
        return None
    if name != folder + typed:
        st.caption(say("staff.import.id_made", id=name.removeprefix(folder)))
    return name


def _mapping(part: Part, target: str, existing: Document | None) -> tuple[dict[str, str | None], dict[str, str]]:
    """Which column is which field, and what stands where the file does not say."""
    mapping, defaults = dict(guess_mapping(part, target, existing)), {}
    unsaid = say("staff.import.unsaid")
    is_clear = set(part.columns) <= set(mapping.values())  # nothing to ask where every column has its field
    with st.expander(say("staff.import.mapping"), expanded=not is_clear):
        for field in fields_for(part, target, existing):
            column_at, default_at = st.columns(2)
            options = [unsaid, *part.columns]
            at = options.index(mapping[field]) if mapping.get(field) in options else 0
            key = f"{target}-{field}-{part.name}"
            column = column_at.selectbox(markdown(label_of(field)), options, at, key=f"map-{key}")
            mapping[field] = None if column == unsaid else column
            defaults[field] = default_at.text_input(say("staff.import.default"), key=f"default-{key}")
    return mapping, defaults


def _preview(work: Work, target: str, existing: Document | None, incoming: Incoming) -> None:
    for note in incoming.notes:
        st.caption(markdown(note))
    title = target.removeprefix(LAYERS).replace("-", " ").capitalize()
    fine = joined(existing or Document({"title": title} if is_layer(target) else {}), incoming)
    after = generalised(target, fine)
    moved = changes_between(fine, after).records
    if moved:
        st.caption(say("staff.import.coarser", n=len(moved)))
    _offer(work, target, after)


def _offer(work: Work, target: str, after: Document) -> None:
    """What would change, and the button that makes it a step."""
    show_told(target, changes_between(work.documents.get(target), after), work.documents)
    # A callback, since only before the next run can the page be turned to another part.
    st.button(say("staff.import.take"), type="primary", key="import-take", on_click=_take, args=(work, target, after))


def _take(drawn: Work, target: str, after: Document) -> None:
    """Make it a step of the draft, and open the editor on it."""
    work = drawn.as_drawn()
    if not work:
        return
    if make_step(work, target, after):
        state.say_once(say("staff.import.taken"))
    state.next_epoch()
    state.remember(state.STAFF_DOCUMENT, target)
    state.remember(state.STAFF_RECORD, next(iter(after.records), None))
    state.remember(state.STAFF_PART, "edit")


def _export(work: Work) -> None:
    """What is published, as filtered, in any format."""
    published = work.desk.store.documents()
    target = st.selectbox(
        say("staff.export.what"), layers_first(published), key="export-what",
        format_func=lambda name: document_title(name, published),
    )  # fmt: skip
    words = "" if is_story(target) else st.text_input(say("staff.table.filter"), key="export-filter")
    kept = {name: record for name, record in published[target].records.items() if has_words(target, record, words)}
    st.caption(say("staff.table.count", n=len(kept), of=len(published[target].records)))
    forms = {form.id: form for form in formats_for(target, "export")}
    labels = {name: say(form.label) for name, form in forms.items()}
    form = forms[st.selectbox(say("staff.export.format"), list(forms), key="export-format", format_func=labels.get)]
    try:
        data = export(Document(published[target].head, kept), target, form.id, about=say("exchange.about"))
    except RoutesError as error:
        show_refusal(error)
        return
    name = target.rsplit("/", 1)[-1] + form.extension
    st.download_button(say("staff.export.save"), data, name, form.media_type, key="export-save", on_click="ignore")
