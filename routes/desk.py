"""Where staff write: every operation with its rights, checks, merge and audit. Pages and command line call only this.

    save      an edit: published at once where its author may, else a proposal that waits for a reviewer
    publish   a proposal, by a second person where one is needed
    restore   a document as it was at a revision; take_back: one change of it; both are new revisions
    redact    a dangerous detail out of all history, leaving a signed note (`routes.redaction`)

Whatever is refused is refused before anything is written. Errors: see `routes.problems`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from routes.accounts import Account, Act, audit, may, others_who_may_publish, require
from routes.accounts.audit import stamp
from routes.accounts.rights import EDITORS_PUBLISH
from routes.documents import Document, fields_of, file_of, is_document_id, record_of, write_document
from routes.drafts import Draft
from routes.edits import BlockedError, Edit, EditConflict, Proposal, Saved
from routes.generalising import generalised
from routes.merging import Change, Merge, applied, changes_between, merged
from routes.problems import NotAllowedError, Problem, RoutesError, StaleError
from routes.redaction import Target, holds_text, redact_store, without_text
from routes.retelling import is_sensitive
from routes.safety import text_problems
from routes.store import KeptKind, Revision, Store, documents_at
from routes.validate import check_texts
from routes.words import say

LONGEST_REASON = 500
MOST_TRIES = 50
"""How often a commit is tried again when others commit in between."""


@dataclass(frozen=True)
class Desk:
    """The operations of one member of staff (`account`; None is a reader, who may do nothing here)."""

    store: Store
    account: Account | None
    basemap_folder: Path
    now: Callable[[], datetime]

    # Drafts

    def draft(self) -> Draft | None:
        """What this member of staff is working on, as kept after the last step."""
        kept = self.store.kept("drafts", self._who("edit").name)
        return Draft.from_json(kept) if kept else None

    def begin_draft(self) -> Draft:
        """The draft that is there, or a new one on the newest revision."""
        return self.draft() or Draft(self.begun_head())

    def keep_draft(self, draft: Draft) -> None:
        """Keep the draft as it is now."""
        self.store.keep("drafts", self._who("edit").name, draft.as_json())

    def drop_draft(self) -> None:
        """Throw the draft away."""
        self.store.drop("drafts", self._who("edit").name)

    # Looking

    def begun_head(self) -> int:
        """The newest revision; the history begins here where it has not."""
        self._begin()
        return self.store.head()

    def documents_at(self, revision: int) -> dict[str, Document]:
        """The documents as they stood at a revision."""
        self._begin()
        return documents_at(self.store, revision)

    def texts_with(self, documents: Mapping[str, Document | None]) -> dict[str, bytes]:
        """The published files with these documents in the place of theirs."""
        texts = dict(self.store.texts())
        for name, document in documents.items():
            texts.pop(file_of(name), None)
            if document is not None:
                texts[file_of(name)] = write_document(name, document)
        return texts

    def problems_of(self, documents: Mapping[str, Document | None]) -> list[Problem]:
        """Every problem there would be if these documents were published."""
        return check_texts(self.texts_with(documents), self.basemap_folder, today=self._today())

    def new_problems(self, documents: Mapping[str, Document | None]) -> list[Problem]:
        """The errors that publishing these documents would bring: the dangerous ones, which block a save."""
        return self.new_among(self.problems_of(documents))

    def new_among(self, found: Iterable[Problem]) -> list[Problem]:
        """The errors among `found` that are not there now.

        What was wrong before and is no worse now does not stand in the way of somebody's correction.
        """
        known = set(map(_without_place, self._published_problems()))
        return [one for one in found if one.severity == "error" and _without_place(one) not in known]

    def published_faults(self) -> list[Problem]:
        """The errors of what is published now; an edit by other means can bring some, for nobody stands in its way."""
        self._who("edit")
        return [one for one in self._published_problems() if one.severity == "error"]

    def _published_problems(self) -> list[Problem]:
        anybodys = replace(self, account=None)
        return _problems_published(anybodys, self.store.stamp(), self._today())

    # Saving

    def save(self, edit: Edit) -> Saved:
        """Publish the edit where its author may do so alone, else keep it as a proposal; the draft is gone after.

        Raises NotAllowedError, BlockedError, EditConflict, and RoutesError where nothing would change.
        """
        who = self._who("edit")
        self._begin()
        self._check_words(edit.kind, edit.reason)
        coarse = {name: document and generalised(name, document) for name, document in edit.documents.items()}
        edit = replace(edit, documents=coarse, drafted=edit.drafted or edit.documents)
        for _ in range(MOST_TRIES):
            head, merges, changes = self._merged(edit)
            if self._must_wait_for_another(changes):
                proposal = self._propose(edit, who)
                return Saved(None, proposal, _theirs(merges))
            revision = self._revision(head, edit, changes, author=who.name)
            left = self._left_of_draft(edit)
            if self._commit(revision, drop=self._draft_in(edit, left)):
                self._keep_left(left, edit, revision.number)
                return Saved(revision, None, _theirs(merges))
        raise StaleError(say("desk.too_busy"))

    def settle(self, edit: Edit) -> Saved:
        """`save` an edit in which a person has picked a side of every conflict.

        Where nothing is left of theirs there is nothing to save, and what they drafted is gone.
        """
        base = self.documents_at(edit.base)
        if any(changes_between(base.get(name), document) for name, document in edit.documents.items()):
            return self.save(edit)
        left = self._left_of_draft(edit)
        for kind, key in self._draft_in(edit, left):
            self.store.drop(kind, key)
        self._keep_left(left, edit, edit.base)
        return Saved(None, None)

    def _left_of_draft(self, edit: Edit) -> Draft | None:
        """The kept draft, where not all of it goes into this edit: text that cannot be read yet, or later steps."""
        draft = self.draft()
        if draft is None or edit.kind != "save":
            return None
        has_more = draft.differs_from(edit.drafted or edit.documents, self.documents_at(draft.base))
        return draft if has_more or draft.texts else None

    def _draft_in(self, edit: Edit, left: Draft | None) -> tuple[tuple[KeptKind, str], ...]:
        """The kept draft, where all of it goes into this edit; a restored state is made of something else."""
        return (("drafts", self._who("edit").name),) if edit.kind == "save" and left is None else ()

    def _keep_left(self, left: Draft | None, edit: Edit, number: int) -> None:
        """What did not go into the edit stays, as a draft on revision `number`."""
        if left:
            base, onto = self.documents_at(left.base), self.documents_at(number)
            self.keep_draft(left.moved(edit.drafted or edit.documents, base, number, onto))

    def _merged(self, edit: Edit) -> tuple[int, dict[str, Merge], dict[str, Change]]:
        """The head, the edit merged onto it, and the changes that makes; all checked."""
        head = self.store.head()
        base, now = self.documents_at(edit.base), self.store.documents()
        for name in edit.documents:
            if not is_document_id(name):
                raise NotAllowedError(say("desk.no_such_document", name=name))
        merges = {name: merged(name, base.get(name), ours, now.get(name)) for name, ours in edit.documents.items()}
        if any(merge.conflicts for merge in merges.values()):
            self._refuse(edit.kind, EditConflict(edit, head, merges))
        found = {name: changes_between(now.get(name), merge.document) for name, merge in merges.items()}
        changes = {name: change for name, change in found.items() if change}
        if not changes:
            raise RoutesError(say("desk.nothing_changed"))
        blocking = self.new_problems({name: merges[name].document for name in changes})
        if blocking:
            self._refuse(edit.kind, BlockedError(blocking))
        return head, merges, changes

    def _must_wait_for_another(self, changes: Mapping[str, Change]) -> bool:
        """Whether this member of staff may not publish these changes alone."""
        assert self.account is not None
        if not may(self.account, "publish", self.store):
            return True
        sensitive = any(is_sensitive(name, change) for name, change in changes.items())
        return sensitive and bool(others_who_may_publish(self.store, self.account))

    def _revision(
        self,
        head: int,
        edit: Edit,
        changes: Mapping[str, Change],
        *,
        author: str,
        note: Mapping[str, Any] | None = None,
    ) -> Revision:
        assert self.account is not None
        return Revision(
            number=head + 1,
            kind=edit.kind,
            author=author,
            publisher=self.account.name,
            time=self._time(),
            reason=edit.reason.strip(),
            base=edit.base,
            changes=changes,
            note={**edit.note, **(note or {})},
        )

    def _commit(self, revision: Revision, drop: tuple[tuple[KeptKind, str], ...]) -> bool:
        """Whether the revision is published; False where somebody else was faster."""
        try:
            self.store.commit(revision, drop=drop)
        except StaleError:
            return False
        documents = " ".join(revision.changes)
        self._audit(
            "publish", revision=revision.number, kind=revision.kind, author=revision.author, documents=documents
        )
        return True

    # Proposals

    def _propose(self, edit: Edit, who: Account) -> Proposal:
        base = self.documents_at(edit.base)
        changes = {name: changes_between(base.get(name), document) for name, document in edit.documents.items()}
        proposal = Proposal(
            id=secrets.token_hex(6), author=who.name, time=self._time(), base=edit.base, reason=edit.reason.strip(),
            changes={name: change for name, change in changes.items() if change}, kind=edit.kind, note=edit.note,
        )  # fmt: skip
        left = self._left_of_draft(edit)
        self.store.keep("proposals", proposal.id, proposal.as_json())
        for kind, key in self._draft_in(edit, left):
            self.store.drop(kind, key)
        self._keep_left(left, edit, edit.base)
        self._audit("propose", proposal=proposal.id, kind=edit.kind, documents=" ".join(proposal.changes))
        return proposal

    def proposals(self) -> list[Proposal]:
        """All that wait for a reviewer or were sent back, oldest first."""
        self._who("edit")
        found = (Proposal.from_json(kept) for kept in self.store.all_kept("proposals").values())
        return sorted(found, key=lambda proposal: (proposal.time, proposal.id))

    def proposal(self, proposal_id: str) -> Proposal:
        """One proposal; NotAllowedError where it is gone."""
        self._who("edit")
        kept = self.store.kept("proposals", proposal_id)
        if kept is None:
            raise NotAllowedError(say("desk.no_such_proposal", id=proposal_id))
        return Proposal.from_json(kept)

    def edit_of(self, proposal: Proposal) -> Edit:
        """The proposal as the edit it was."""
        base = self.documents_at(proposal.base)
        documents = {name: applied(base.get(name), change) for name, change in proposal.changes.items()}
        return Edit(
            base=proposal.base, documents=documents, reason=proposal.reason, kind=proposal.kind, note=proposal.note
        )

    def publish(self, proposal_id: str) -> Revision:
        """The revision that a proposal has become; its author stays its author.

        Raises NotAllowedError for who may not publish, and for an author where a second person is needed.
        """
        who = self._who("publish")
        proposal = self.proposal(proposal_id)
        edit = self.edit_of(proposal)
        for _ in range(MOST_TRIES):
            head, _merges, changes = self._merged(edit)
            if proposal.author == who.name and self._must_wait_for_another(changes):
                self._refuse("publish", NotAllowedError(say("desk.second_person")))
            note = {"proposal": proposal.id}
            revision = self._revision(head, edit, changes, author=proposal.author, note=note)
            if self._commit(revision, drop=(("proposals", proposal.id),)):
                return revision
        raise StaleError(say("desk.too_busy"))

    def send_back(self, proposal_id: str, words: str) -> None:
        """Tell the author what to change before this can be published."""
        self._who("publish")
        self._check_text("send-back", words)
        proposal = replace(self.proposal(proposal_id), returned=words.strip())
        self.store.keep("proposals", proposal_id, proposal.as_json())
        self._audit("send-back", proposal=proposal_id)

    def take_up(self, proposal_id: str) -> Draft:
        """One's own proposal as one's draft again; it no longer waits. Refused where a draft would be lost."""
        who, proposal = self._who("edit"), self.proposal(proposal_id)
        if proposal.author != who.name:
            self._refuse("take-up", NotAllowedError(say("desk.not_yours")))
        kept = self.draft()
        if kept and (kept.steps or kept.texts):
            self._refuse("take-up", NotAllowedError(say("desk.draft_in_the_way")))
        draft, base = Draft(proposal.base), self.documents_at(proposal.base)
        for name, change in proposal.changes.items():
            draft = draft.stepped(proposal.reason, name, applied(base.get(name), change), base)
        self.keep_draft(draft)
        self.store.drop("proposals", proposal_id)
        self._audit("take-up", proposal=proposal_id)
        return draft

    def withdraw(self, proposal_id: str) -> None:
        """Remove a proposal: its author may, and a reviewer may decline it."""
        who, proposal = self._who("edit"), self.proposal(proposal_id)
        if proposal.author != who.name:
            self._who("publish")
        self.store.drop("proposals", proposal_id)
        self._audit("withdraw", proposal=proposal_id, author=proposal.author)

    # Going back

    def restore(self, document: str, number: int, reason: str) -> Saved:
        """Make a document what it was at revision `number`; itself a revision, or a proposal."""
        head = self.store.head()
        self._known_revision(number)
        documents = {document: self.documents_at(number).get(document)}
        note = {"restored": number}
        return self.save(Edit(base=head, documents=documents, reason=reason, kind="restore", note=note))

    def take_back(
        self,
        number: int,
        reason: str,
        *,
        document: str | None = None,
        record: str | None = None,
        pointer: str | None = None,
    ) -> Saved:
        """Take back what revision `number` changed: all of it, one document's, one record's, or one field's.

        What was changed again since is an EditConflict.
        """
        revision = self._known_revision(number)
        after = self.documents_at(number)
        documents = {
            name: _taken_back(after.get(name), change, record, pointer)
            for name, change in revision.changes.items()
            if document in (None, name)
        }
        note = {"taken_back": number}
        return self.save(Edit(base=number, documents=documents, reason=reason, kind="take-back", note=note))

    def _known_revision(self, number: int) -> Revision:
        self._who("edit")
        try:
            return self.store.revision(number)
        except KeyError:
            raise NotAllowedError(say("desk.no_such_revision", number=str(number))) from None

    def redact(self, target: Target, reason: str) -> int:
        """How many revisions held the detail; it is gone from all history, drafts and proposals of this store.

        What is published now is not touched: publish a state without the detail first.
        """
        who = self._who("redact")
        self._check_words("redact", reason)
        self._begin()
        self._check_is_past(target)
        for _ in range(MOST_TRIES):
            note = Revision(
                number=self.store.head() + 1, kind="redaction", author=who.name, publisher=who.name, time=self._time(),
                reason=without_text(reason.strip(), target.text), base=self.store.head(),
            )  # fmt: skip
            try:
                held = redact_store(self.store, target, note)
            except StaleError:
                continue
            self._audit("redact", revision=note.number, held=held, **target.in_words())
            return held
        raise StaleError(say("desk.too_busy"))

    def _check_is_past(self, target: Target) -> None:
        documents = self.store.documents().values()
        if target.text and any(holds_text([one.head, one.records], target.text) for one in documents):
            self._refuse("redact", NotAllowedError(say("desk.still_published")))
        if not target.text and not (is_document_id(target.document) and target.record):
            self._refuse("redact", NotAllowedError(say("desk.nothing_to_redact")))

    def let_editors_publish(self, allowed: bool) -> None:
        """Whether editors may publish by themselves, as an office of one person needs."""
        self._who("change-settings")
        self.store.keep("settings", EDITORS_PUBLISH, allowed)
        self._audit("change-settings", editors_publish=allowed)

    # What every operation does

    def _begin(self) -> None:
        if not self.store.has_begun:
            self.store.begin(time=self._time())

    def _who(self, act: Act) -> Account:
        """The account, if it may do this; else the refusal is logged and raised."""
        return require(self.account, act, self.store, now=self.now())

    def _refuse(self, act: str, error: RoutesError) -> NoReturn:
        self._audit(act, result="refused", why=type(error).__name__)
        raise error

    def _audit(self, act: str, **facts: Any) -> None:
        audit(self.store, act, self.account.name if self.account else "", time=self._time(), **facts)

    def _check_words(self, act: str, reason: str) -> None:
        if not reason.strip():
            self._refuse(act, NotAllowedError(say("desk.reason_needed")))
        self._check_text(act, reason)

    def _check_text(self, act: str, text: str) -> None:
        """Reasons stand in the history: they obey the same rules as what is published."""
        if len(text) > LONGEST_REASON:
            self._refuse(act, NotAllowedError(say("desk.reason_too_long", n=LONGEST_REASON)))
        problems = list(text_problems(say("desk.reason"), "", "", text))
        if problems:
            self._refuse(act, BlockedError(problems))

    def _time(self) -> str:
        return stamp(self.now())

    def _today(self) -> date:
        return self.now().date()


def _theirs(merges: Mapping[str, Merge]) -> dict[str, tuple[str, ...]]:
    return {name: merge.theirs_changed for name, merge in merges.items() if merge.theirs_changed}


def _without_place(problem: Problem) -> tuple[str, str, str, str]:
    """What makes a problem the same one in another state of the file, where it stands on another line."""
    return problem.file, problem.rule, problem.pointer, problem.message


@lru_cache(maxsize=4)
def _problems_published(desk: Desk, _stamp: object, today: date) -> list[Problem]:
    """Worked out once for all staff, until something is published."""
    return check_texts(desk.store.texts(), desk.basemap_folder, today=today)


def _taken_back(after: Document | None, change: Change, record: str | None, pointer: str | None) -> Document | None:
    """The document after a change with the change, or one record or field of it, as it was before."""
    if record is None:
        return applied(after, change.inverse)
    if record not in change.records:
        raise NotAllowedError(say("desk.not_in_revision", record=record))
    before, now = change.records[record]
    if pointer is not None and before is not None and now is not None:
        before = _with_field(now, before, pointer)
    order = change.inverse.order if before is None or now is None else None
    return applied(after, Change({record: (now, before)}, None, order))


def _with_field(now: Mapping[str, Any], before: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    values, old = fields_of(now), fields_of(before)
    if pointer in old:
        values[pointer] = old[pointer]
    else:
        values.pop(pointer, None)
    return record_of(values)
