"""What staff do from the command line: the desk's operations, one function for each command.

Whoever writes names themselves with `--author` and gives their password at the prompt, or in ROUTES_PASSWORD for
scripts. Every function takes the parsed arguments and a desk, and gives the lines to print.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from routes.accounts import (
    Account,
    accounts,
    add_account,
    authenticate,
    change_account,
    check_new_account,
    remove_account,
    require,
)
from routes.dataset import data_folder
from routes.desk import Desk
from routes.documents import LAYERS, Document, is_document_id, is_story
from routes.edits import Edit, EditConflict, Saved
from routes.exchange import export, formats_for, guess_mapping, joined, mapped, read_story_file, read_upload
from routes.generalising import generalised
from routes.merging import Change, changes_between
from routes.problems import NotAllowedError, RoutesError
from routes.redaction import Target, is_genuine
from routes.retelling import retell, retell_conflict, summary
from routes.store import Revision, documents_at
from routes.store.opening import open_store
from routes.words import say

PASSWORD = "ROUTES_PASSWORD"
Lines = Iterator[str]


def desk_of(author: str | None) -> Desk:
    """The desk of `author`, who has given the right password; a reader's without one."""
    folder = data_folder()
    store = open_store(folder)
    desk = Desk(store, None, folder / "basemap", lambda: datetime.now(UTC))
    return desk if author is None else replace(desk, account=_signed_in(desk, author))


def _signed_in(desk: Desk, author: str) -> Account:
    password = os.environ.get(PASSWORD) or _asked(say("commands.password", name=author), PASSWORD)
    return authenticate(desk.store, author, password, now=desk.now())


def _asked(prompt: str, variable: str) -> str:
    """What somebody types unseen at the prompt."""
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise NotAllowedError(say("commands.no_terminal", variable=variable)) from None


def import_file(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Read a file into a layer or table, or a story's own file in its place, and save it."""
    target = _document(arguments)
    base = desk.begun_head()
    documents = desk.documents_at(base)
    existing = documents.get(target)
    after = yield from _incoming(arguments, target, documents)
    yield from (told.sentence for told in retell(target, changes_between(existing, after)))
    if arguments.dry_run:
        yield from map(str, desk.new_problems({target: after}))
        return
    edit = Edit(base=base, documents={target: after}, reason=arguments.reason, kind="import")
    yield _told(desk.save(edit))


def _incoming(
    arguments: argparse.Namespace, target: str, documents: Mapping[str, Document]
) -> Generator[str, None, Document]:
    """What the file makes of the document; notes on the way are yielded."""
    data, name = Path(arguments.file).read_bytes(), Path(arguments.file).name
    if is_story(target):
        return read_story_file(data, name)
    upload = read_upload(data, name)
    yield from upload.notes
    part = _part(upload.parts, arguments.part)
    existing = documents.get(target)
    mapping = {**guess_mapping(part, target, existing), **_pairs(arguments.map)}
    taken = {record for document in documents.values() for record in document.records}
    incoming = mapped(part, target, mapping, _pairs(arguments.set), taken=taken)
    yield from incoming.notes
    head = {} if existing or not target.startswith(LAYERS) else {"title": target.removeprefix(LAYERS)}
    return generalised(target, joined(existing or Document(head), incoming))


def _part(parts: tuple[Any, ...], name: str | None) -> Any:
    found = [part for part in parts if name in (None, part.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(part.name for part in parts)
    raise NotAllowedError(say("commands.which_part", names=names))


def _pairs(given: Iterable[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    return {name: value for name, _, value in pairs}


def export_document(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Write a published layer, table or story to a file, and say which."""
    target = _document(arguments)
    document = _existing(desk, target)
    kept = {key: record for key, record in document.records.items() if _matches(record, _pairs(arguments.where))}
    form = next((form for form in formats_for(target, "export") if form.id == arguments.format), None)
    if form is None:
        known = ", ".join(form.id for form in formats_for(target, "export"))
        raise NotAllowedError(say("commands.formats", formats=known))
    data = export(Document(document.head, kept), target, form.id, about=say("exchange.about"))
    path = Path(arguments.out or f"{target.rsplit('/', 1)[-1]}{form.extension}")
    path.write_bytes(data)
    yield say("commands.written", file=str(path.resolve()), n=len(kept))


def _matches(record: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    fields = {**record, **(record.get("properties") or {})}
    return all(value in _texts(fields.get(name)) for name, value in wanted.items())


def _texts(value: Any) -> list[str]:
    whole = str(value or "")
    return [str(part) for part in value] if isinstance(value, list) else [*whole.split(), whole]


def history(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """The revisions of a document, or of everything, newest first."""
    document = _document(arguments) if arguments.document else None
    desk.store.texts()  # takes in what was edited by other means
    revisions = desk.store.revisions(document=document, limit=arguments.limit)
    if arguments.format == "json":
        told = [{**one.as_json(), "summary": summary(one)} for one in revisions]
        yield json.dumps(told, ensure_ascii=False, indent=1)
        return
    for revision in revisions:
        yield _line(revision)


def _line(revision: Revision) -> str:
    head = f"{revision.number}  {revision.time}"
    if revision.kind == "start":
        return f"{head}  {say('staff.history.begins')}"
    if revision.kind == "outside":
        return f"{head}  {revision.reason}\n    {summary(revision)}"
    by = revision.author
    if revision.publisher not in ("", revision.author):
        by = say("commands.published_by", author=by, publisher=revision.publisher)
    line = f"{head}  {revision.kind}  {by}: {revision.reason}\n    {summary(revision)}"
    note = revision.note.get("redacted")
    if note is None:
        return line
    return f"{line}\n    {say('commands.genuine' if is_genuine(note) else 'commands.forged')}"


def diff(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """What differs between two revisions of a document."""
    target = _document(arguments)
    head = desk.begun_head()
    asked = (arguments.since, arguments.until or head)
    for number in asked:
        if not 1 <= number <= head:
            raise NotAllowedError(say("desk.no_such_revision", number=str(number)))
    one, other = (documents_at(desk.store, number) for number in asked)
    if target not in one and target not in other:
        raise NotAllowedError(say("commands.no_document", name=target))
    change = changes_between(one.get(target), other.get(target))
    if arguments.format == "json":
        yield json.dumps(change.as_json(), ensure_ascii=False, indent=1)
        return
    yield from _told_change(target, change, other)


def _told_change(target: str, change: Change, documents: Mapping[str, Document]) -> Lines:
    for told in retell(target, change, documents):
        yield told.sentence
        for field in told.fields:
            yield f"    {field.label}: {field.before or '—'} → {field.after or '—'}"


def restore(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Make a document what it was at a revision."""
    yield _told(desk.restore(_document(arguments), arguments.revision, arguments.reason))


def take_back(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Take back what a revision changed, or one part of it."""
    document = _document(arguments) if arguments.document else None
    parts = {"document": document, "record": arguments.record, "pointer": arguments.field}
    yield _told(desk.take_back(arguments.revision, arguments.reason, **parts))


def proposals(_arguments: argparse.Namespace, desk: Desk) -> Lines:
    """What waits for a reviewer."""
    documents = desk.store.documents()
    for proposal in desk.proposals():
        yield f"{proposal.id}  {proposal.time}  {proposal.author}: {proposal.reason}"
        for target, change in proposal.changes.items():
            yield from (f"    {line}" for line in _told_change(target, change, documents))


def publish(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Publish a proposal."""
    yield say("staff.published", number=str(desk.publish(arguments.proposal).number))


def redact(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Take a dangerous detail out of all history."""
    text = getpass.getpass(say("commands.redact_text")) if arguments.text else ""
    document = _document(arguments) if arguments.document else ""
    target = Target(document, arguments.record or "", arguments.field or "", text)
    yield say("commands.redacted", n=desk.redact(target, arguments.reason))
    yield say("commands.cannot_reach")


def users(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Make and change accounts."""
    if arguments.action == "list":
        for account in accounts(desk.store):
            yield f"{account.name}  {account.role}  {say('commands.active' if account.active else 'commands.inactive')}"
        return
    by = _signed_in(desk, arguments.by) if arguments.by else None
    if by is None and accounts(desk.store):
        raise NotAllowedError(say("commands.by_needed"))
    now = desk.now()
    if arguments.action == "add":
        check_new_account(
            desk.store, arguments.name, arguments.role, arguments.email,
            has_password=not arguments.organisation, by=by, now=now,
        )  # fmt: skip
        password = None if arguments.organisation else _new_password(arguments.name)
        account = add_account(
            desk.store, arguments.name, arguments.role, password, arguments.email, by=by, now=now
        )
        yield say("commands.user_added", name=account.name, role=account.role)
    elif arguments.action == "remove":
        remove_account(desk.store, arguments.name, by=by, now=now)
        yield say("commands.user_removed", name=arguments.name)
    else:
        require(by, "manage-accounts", desk.store, now=now)
        active = None if arguments.active is None else arguments.active == "yes"
        password = _new_password(arguments.name) if arguments.new_password else None
        account = change_account(
            desk.store, arguments.name, by=by, now=now,
            role=arguments.role, active=active, password=password, email=arguments.email,
        )  # fmt: skip
        yield say("commands.user_changed", name=account.name, role=account.role)


NEW_PASSWORD = "ROUTES_NEW_PASSWORD"


def _new_password(name: str) -> str:
    given = os.environ.get(NEW_PASSWORD)
    if given:
        return given
    first = _asked(say("commands.new_password", name=name), NEW_PASSWORD)
    if _asked(say("commands.again"), NEW_PASSWORD) != first:
        raise NotAllowedError(say("commands.not_the_same"))
    return first


def settings(arguments: argparse.Namespace, desk: Desk) -> Lines:
    """Whether editors may publish by themselves."""
    desk.let_editors_publish(arguments.editors_publish == "yes")
    yield say("commands.setting", value=arguments.editors_publish)


def told_error(error: RoutesError) -> str:
    """An error as the terminal shows it; a conflict field by field."""
    if not isinstance(error, EditConflict):
        return str(error)
    lines = [str(error)]
    for conflict in error.conflicts:
        told = retell_conflict(conflict)
        lines.append(f"  {conflict.document}, {conflict.record or say('commands.head')}, {told.label}:")
        for side in ("base", "ours", "theirs"):
            lines.append(f"    {say(f'staff.side.{side}')}: {getattr(told, side) or '—'}")
    return "\n".join(lines)


def _told(saved: Saved) -> str:
    if saved.revision is not None:
        return say("staff.published", number=str(saved.revision.number))
    assert saved.proposal is not None
    return say("commands.proposed", id=saved.proposal.id)


def _document(arguments: argparse.Namespace) -> str:
    """The document that the arguments name: a table, or a layer with or without its folder."""
    name: str = arguments.document
    for found in (name, f"{LAYERS}{name}"):
        if is_document_id(found):
            return found
    raise NotAllowedError(say("desk.no_such_document", name=name))


def _existing(desk: Desk, target: str) -> Document:
    document = desk.store.documents().get(target)
    if document is None:
        raise NotAllowedError(say("commands.no_document", name=target))
    return document

