"""Claims about staff: whose account it is, what it may do, how long a session lasts, and what the log never holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from routes.accounts import (
    ACTS,
    ROLES,
    Account,
    Act,
    Role,
    account_named,
    account_of,
    account_of_identity,
    accounts,
    add_account,
    audit,
    authenticate,
    change_account,
    change_own_password,
    end_all_sessions,
    may,
    others_who_may_publish,
    remove_account,
    require,
    sign_in,
    sign_out,
)
from routes.accounts.attempts import FREE_BY_NAME, FREE_BY_NETWORK, LONGEST_WAIT, begin_try
from routes.accounts.passwords import _HASHER, NOBODYS, is_outdated, refuse_weak
from routes.accounts.sessions import IN_ALL, NOTED_EVERY, UNUSED_FOR
from routes.problems import NotAllowedError
from routes.store.files import FilesStore

NOW = datetime(2024, 5, 28, 9, 30, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ADMINS, EDITORS = "lantern-over-four-rivers", "seven quiet pines at dusk"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
ISSUER = "https://login.example.org"


class MemoryStore:
    """The private side of a store, in memory: what is kept is JSON, and each reader gets a copy."""

    def __init__(self) -> None:
        self.things: dict[tuple[str, str], str] = {}
        self.lines: list[str] = []
        self.writes = 0

    def kept(self, kind: str, key: str) -> Any | None:
        return json.loads(self.things.get((kind, key), "null"))

    def all_kept(self, kind: str) -> dict[str, Any]:
        return {key: json.loads(value) for (held, key), value in self.things.items() if held == kind}

    def keep(self, kind: str, key: str, value: Any) -> None:
        self.writes += 1
        self.things[kind, key] = json.dumps(value)

    def drop(self, kind: str, key: str) -> None:
        self.things.pop((kind, key), None)

    def log(self, entry: Mapping[str, Any]) -> None:
        self.lines.append(json.dumps(entry))

    def logged(self, *, limit: int = 200) -> list[dict[str, Any]]:
        return [json.loads(line) for line in reversed(self.lines[-limit:])]


@pytest.fixture
def empty_store() -> Any:
    """A store nobody has an account in."""
    return MemoryStore()


@pytest.fixture
def store(empty_store: Any) -> Any:
    """A store with an admin, `anna`, and an editor, `binh`."""
    anna = add_account(empty_store, "anna", "admin", ADMINS, by=None, now=NOW)
    add_account(empty_store, "binh", "editor", EDITORS, "Binh@Example.org", by=anna, now=NOW)
    return empty_store


def named(store: Any, name: str) -> Account:
    account = account_named(store, name)
    assert account is not None
    return account


def fail(store: Any, name: str, peer: str, *, now: datetime = NOW) -> str:
    """The words of a refused try."""
    with pytest.raises(NotAllowedError) as refusal:
        authenticate(store, name, "not the password", now=now, peer=peer)
    return str(refusal.value)


def by_login(store: Any, *, subject: str = "b-1", issued: datetime = NOW, **changes: Any) -> Account:
    """The account of somebody who came through the organisation."""
    facts = {"email": "binh@example.org", "email_verified": True, **changes}
    now = facts.pop("now", issued)
    return account_of_identity(store, ISSUER, subject, **facts, issued_at=int(issued.timestamp()), now=now)


# Accounts


def test_there_is_no_account_until_one_is_made(empty_store: Any) -> None:
    assert accounts(empty_store) == []
    fail(empty_store, "admin", HOME)


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_the_first_account_is_an_admins(empty_store: Any, role: Role) -> None:
    with pytest.raises(NotAllowedError, match="--role admin"):
        add_account(empty_store, "anna", role, ADMINS, by=None, now=NOW)
    assert accounts(empty_store) == []


@pytest.mark.parametrize("by", [None, "binh"], ids=["nobody", "an editor"])
def test_only_an_admin_makes_and_changes_accounts(store: Any, by: str | None) -> None:
    actor = named(store, by) if by else None
    before = dict(store.things)
    for change in (
        lambda: add_account(store, "carla", "admin", EDITORS, by=actor, now=NOW),
        lambda: change_account(store, "binh", by=actor, now=NOW, role="admin"),
        lambda: remove_account(store, "anna", by=actor, now=NOW),
    ):
        with pytest.raises(NotAllowedError):
            change()
        assert store.logged()[0]["result"] == "refused"
    assert store.things == before


@pytest.mark.parametrize("name", ["a", "Anna", "a" * 41, "an na", "anna/password", "../anna", "outside", "änna", ""])
def test_a_name_is_small_letters_digits_and_hyphens(store: Any, name: str) -> None:
    with pytest.raises(NotAllowedError, match="Expected 2 to 40"):
        add_account(store, name, "editor", EDITORS, by=named(store, "anna"), now=NOW)


def test_a_name_is_given_once_even_after_its_owner_has_gone(store: Any) -> None:
    anna = named(store, "anna")
    remove_account(store, "binh", by=anna, now=NOW)
    with pytest.raises(NotAllowedError, match="taken"):
        add_account(store, "binh", "editor", ADMINS, by=anna, now=NOW)
    gone = named(store, "binh")
    assert (gone.active, gone.email) == (False, None)
    assert not [key for _, key in store.things if key.startswith("binh/")]


def test_somebody_without_password_and_address_could_not_sign_in_and_is_refused(store: Any) -> None:
    with pytest.raises(NotAllowedError, match="could not sign in"):
        add_account(store, "carla", "editor", None, by=named(store, "anna"), now=NOW)


@pytest.mark.parametrize("email", ["binh@example.org", "BINH@example.ORG ", "no address"])
def test_an_address_is_one_and_belongs_to_one(store: Any, email: str) -> None:
    with pytest.raises(NotAllowedError, match=r"address"):
        add_account(store, "carla", "editor", None, email, by=named(store, "anna"), now=NOW)


@pytest.mark.parametrize("change", [{"active": False}, {"role": "editor"}], ids=["deactivated", "demoted"])
def test_the_last_admin_stays_one(store: Any, change: dict[str, Any]) -> None:
    anna = named(store, "anna")
    with pytest.raises(NotAllowedError, match="last active admin"):
        change_account(store, "anna", by=anna, now=NOW, **change)
    change_account(store, "binh", by=anna, now=NOW, role="admin")
    change_account(store, "anna", by=anna, now=NOW, **change)


def test_a_change_of_an_account_nobody_has_names_those_there_are(store: Any) -> None:
    with pytest.raises(NotAllowedError, match="anna, binh"):
        change_account(store, "bing", by=named(store, "anna"), now=NOW, role="admin")


# Passwords


@pytest.mark.parametrize(
    "password",
    ["", "7 chars", "x" * 201, "password", "Password1!", "anna-anna-anna"[:4] * 2, "sunshine12", "qwertzuiop",
     "closingdoor", "carla-maria", "Carla-Maria"],
)  # fmt: skip
def test_a_password_that_is_short_common_or_the_name_is_refused(store: Any, password: str) -> None:
    with pytest.raises(NotAllowedError, match="password"):
        add_account(store, "carla-maria", "editor", password, by=named(store, "anna"), now=NOW)
    assert account_named(store, "carla-maria") is None


@settings(max_examples=100)
@given(st.sampled_from([word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8][:3000]))
def test_the_three_thousand_commonest_passwords_of_eight_characters_are_refused(password: str) -> None:
    with pytest.raises(NotAllowedError):
        refuse_weak(password, name="anna", email=None)


@pytest.mark.parametrize(
    "password", ["river stone lamp", "x7#pLq2v", "мост зеркало фонарь", "달빛 아래 조용한 강가", "p" * 5 + ADMINS * 8]
)
def test_no_kind_of_character_is_demanded(password: str) -> None:
    refuse_weak(password[:200], name="anna", email=None)


@pytest.mark.parametrize("typed", [f" {ADMINS}", ADMINS.upper(), ADMINS[:-1], f"{ADMINS}\0", ""])
def test_a_password_counts_exactly_as_it_was_typed(store: Any, typed: str) -> None:
    with pytest.raises(NotAllowedError):
        authenticate(store, "anna", typed, now=NOW)
    assert authenticate(store, " ANNA", ADMINS, now=NOW).name == "anna"


def test_hashes_are_argon2id_with_19_mib_two_passes_and_one_lane(store: Any) -> None:
    kept = [value for (_, key), value in store.things.items() if key.endswith("/password")]
    for text in [*map(json.loads, kept), NOBODYS]:
        assert text.startswith("$argon2id$")
        parameters = extract_parameters(text)
        assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19456, 2, 1)
        assert not is_outdated(text)


def test_a_hash_made_with_older_parameters_is_made_anew_at_sign_in(store: Any) -> None:
    store.keep("accounts", "anna/password", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(ADMINS))
    authenticate(store, "anna", ADMINS, now=NOW)
    assert not is_outdated(store.kept("accounts", "anna/password"))
    assert authenticate(store, "anna", ADMINS, now=NOW).name == "anna"


def test_ones_own_password_is_changed_with_the_current_one(store: Any) -> None:
    token = sign_in(store, "binh", EDITORS, now=NOW)
    with pytest.raises(NotAllowedError):
        change_own_password(store, "binh", "guessed wrongly", ADMINS, now=NOW)
    assert account_of(store, token, now=NOW)
    change_own_password(store, "binh", EDITORS, "a kettle under the fig tree", now=NOW)
    assert account_of(store, token, now=NOW) is None
    assert authenticate(store, "binh", "a kettle under the fig tree", now=NOW)


# Wrong tries


def test_unknown_names_inactive_accounts_and_wrong_passwords_are_refused_with_the_same_words(store: Any) -> None:
    change_account(store, "binh", by=named(store, "anna"), now=NOW, active=False)
    with pytest.raises(NotAllowedError) as inactive:
        authenticate(store, "binh", EDITORS, now=NOW, peer=HOME)
    assert {fail(store, name, HOME) for name in ("anna", "nobody", "anna/password", "\ud800")} == {str(inactive.value)}


@pytest.mark.parametrize("name", ["anna", "binh", "nobody", "a b"], ids=["known", "inactive", "unknown", "no name"])
def test_every_try_costs_one_check_of_a_hash(store: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change_account(store, "binh", by=named(store, "anna"), now=NOW, active=False)
    checked: list[str] = []
    check = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *a: checked.append(a[1]) or check(*a))  # type: ignore[func-returns-value]
    fail(store, name, HOME)
    assert [extract_parameters(text) for text in checked] == [extract_parameters(_HASHER.hash("x"))]


def test_after_five_wrong_tries_there_are_waits_that_double_up_to_a_quarter_of_an_hour(store: Any) -> None:
    now, waits = NOW, []
    for _ in range(FREE_BY_NAME):
        assert "wrong." in fail(store, "binh", ELSEWHERE, now=now)
    for _ in range(9):
        start = now
        while "Too many" in fail(store, "binh", ELSEWHERE, now=now):
            now += 15 * SECOND
        waits.append((now - start).total_seconds())
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900]


def test_the_right_password_does_not_help_during_a_wait_and_does_after_it(store: Any) -> None:
    for _ in range(FREE_BY_NAME):
        fail(store, "binh", HOME)
    with pytest.raises(NotAllowedError, match="in 1 minute"):
        authenticate(store, "binh", EDITORS, now=NOW + SECOND, peer=HOME)
    assert authenticate(store, "binh", EDITORS, now=NOW + 16 * SECOND, peer=HOME)
    assert "wrong." in fail(store, "binh", HOME, now=NOW + 17 * SECOND), "the count starts afresh"


def test_strangers_cannot_lock_out_a_colleague_where_they_signed_in_before(store: Any) -> None:
    authenticate(store, "binh", EDITORS, now=NOW, peer=HOME)
    now = NOW
    for _ in range(12):
        now += LONGEST_WAIT
        fail(store, "binh", ELSEWHERE, now=now)
    assert "Too many" in fail(store, "binh", ELSEWHERE, now=now)
    assert authenticate(store, "binh", EDITORS, now=now, peer=HOME)
    assert authenticate(store, "binh", EDITORS, now=now), "nor the command line"
    with pytest.raises(NotAllowedError):
        authenticate(store, "binh", EDITORS, now=now + SECOND, peer="192.0.2.1")
    assert authenticate(store, "binh", EDITORS, now=now + LONGEST_WAIT, peer="192.0.2.1")


def test_tries_that_are_still_being_checked_count(store: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        begun = [pool.submit(begin_try, store, "binh", HOME, now=NOW) for _ in range(FREE_BY_NETWORK)]
    assert sum(isinstance(one.exception(), NotAllowedError) for one in begun) == FREE_BY_NETWORK - FREE_BY_NAME


def test_one_network_trying_many_names_must_wait(store: Any) -> None:
    for number in range(FREE_BY_NETWORK):
        assert "wrong." in fail(store, f"name-{number}", f"203.0.113.{number}")
    assert "Too many" in fail(store, "another", "203.0.113.250")
    assert "wrong." in fail(store, "another", ELSEWHERE)


def test_right_tries_use_up_no_patience(store: Any) -> None:
    for _ in range(FREE_BY_NETWORK + 5):
        authenticate(store, "binh", EDITORS, now=NOW, peer=HOME)
    assert "wrong." in fail(store, "binh", HOME)


def test_wrong_tries_are_forgotten_after_an_hour(store: Any) -> None:
    for _ in range(FREE_BY_NAME - 1):
        fail(store, "binh", HOME)
    for _ in range(FREE_BY_NAME):
        assert "wrong." in fail(store, "binh", HOME, now=NOW + 61 * MINUTE)
    authenticate(store, "anna", ADMINS, now=NOW + 200 * MINUTE)
    kept = store.all_kept("attempts")
    assert all(key.startswith("known-") for key in kept), "what is old is swept away"


# Sessions


def test_the_store_knows_no_token(store: Any) -> None:
    tokens = {sign_in(store, "anna", ADMINS, now=NOW) for _ in range(3)}
    assert len(tokens) == 3
    held = " ".join([*(key for _, key in store.things), *store.things.values(), *store.lines])
    assert all(len(token) >= 43 and token not in held for token in tokens)


def test_on_disk_there_is_no_token_password_or_whole_address(tmp_path: Path) -> None:
    home = FilesStore(tmp_path)
    add_account(home, "anna", "admin", ADMINS, by=None, now=NOW)
    fail(home, "anna", HOME)
    ended, token = (sign_in(home, "anna", ADMINS, now=NOW, peer=HOME) for _ in range(2))
    sign_out(home, ended, now=NOW)
    again = FilesStore(tmp_path)
    assert account_of(again, token, now=NOW + 2 * MINUTE) == named(again, "anna")
    assert account_of(again, ended, now=NOW) is None
    assert [line["result"] for line in again.logged()] == ["done", "done", "done", "refused", "done"]
    held = b"".join(path.name.encode() + path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"argon2id" in held
    assert not [secret for secret in (ADMINS, token, ended, HOME) if secret.encode() in held]


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 100_000, "../sessions"])
def test_a_token_that_was_never_given_opens_nothing(store: Any, token: str) -> None:
    assert account_of(store, token, now=NOW) is None


def test_a_session_ends_an_hour_after_its_last_use(store: Any) -> None:
    token = sign_in(store, "binh", EDITORS, now=NOW)
    almost = NOW + UNUSED_FOR - SECOND
    assert account_of(store, token, now=almost) == named(store, "binh")
    assert account_of(store, token, now=almost + UNUSED_FOR - SECOND)
    assert account_of(store, token, now=almost + 3 * UNUSED_FOR) is None


def test_a_session_in_use_ends_after_twelve_hours(store: Any) -> None:
    token, now = sign_in(store, "binh", EDITORS, now=NOW), NOW
    while now + 30 * MINUTE < NOW + IN_ALL:
        now += 30 * MINUTE
        assert account_of(store, token, now=now)
    assert account_of(store, token, now=NOW + IN_ALL) is None


def test_being_read_is_written_down_once_a_minute(store: Any) -> None:
    token = sign_in(store, "binh", EDITORS, now=NOW)
    before = store.writes
    for second in range(1, 180):
        account_of(store, token, now=NOW + second * SECOND)
    assert store.writes - before == 179 * SECOND // NOTED_EVERY


def test_ended_sessions_are_swept_away(store: Any) -> None:
    account_of(store, sign_in(store, "binh", EDITORS, now=NOW), now=NOW + 5 * MINUTE)
    sign_in(store, "binh", EDITORS, now=NOW + IN_ALL)
    assert len(store.all_kept("sessions")) == 1


def test_signing_out_ends_this_session_and_no_other(store: Any) -> None:
    here, there = (sign_in(store, "binh", EDITORS, now=NOW) for _ in range(2))
    sign_out(store, here, now=NOW)
    sign_out(store, here, now=NOW)
    assert account_of(store, here, now=NOW) is None
    assert account_of(store, there, now=NOW)


def test_a_session_that_is_ended_while_it_is_read_stays_ended(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    token, keep = sign_in(store, "binh", EDITORS, now=NOW), store.keep

    def keep_after_the_sign_out(*thing: Any) -> None:
        monkeypatch.setattr(store, "keep", keep)
        sign_out(store, token, now=NOW)
        keep(*thing)

    monkeypatch.setattr(store, "keep", keep_after_the_sign_out)
    account_of(store, token, now=NOW + 2 * MINUTE)
    assert account_of(store, token, now=NOW + 3 * MINUTE) is None


@pytest.mark.parametrize(
    "change", [{"role": "reviewer"}, {"active": False}, {"password": "a kettle under the fig tree"}], ids=str
)
def test_a_change_of_rights_or_password_ends_all_sessions(store: Any, change: dict[str, Any]) -> None:
    tokens = [sign_in(store, "binh", EDITORS, now=NOW) for _ in range(2)]
    annas = sign_in(store, "anna", ADMINS, now=NOW)
    change_account(store, "binh", by=named(store, "anna"), now=NOW, **change)
    assert [account_of(store, token, now=NOW) for token in tokens] == [None, None]
    assert account_of(store, annas, now=NOW)


def test_a_session_that_was_being_opened_when_all_were_ended_does_not_open(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = PasswordHasher.verify

    def end_meanwhile(*given_to: Any) -> bool:
        end_all_sessions(store, "binh")
        return bool(verify(*given_to))

    monkeypatch.setattr(PasswordHasher, "verify", end_meanwhile)
    assert account_of(store, sign_in(store, "binh", EDITORS, now=NOW), now=NOW) is None


# Through the organisation


def test_a_verified_address_opens_the_account_it_belongs_to(store: Any) -> None:
    assert by_login(store, email="BINH@example.org").name == "binh"


@pytest.mark.parametrize(
    "claims",
    [{"email_verified": False}, {"email": "eve@example.org"}, {"email": ""}, {"email": None}],
    ids=["not verified", "of nobody", "empty", "missing"],
)
def test_no_other_address_does_and_nobody_is_made(store: Any, claims: dict[str, Any]) -> None:
    before = dict(store.things)
    with pytest.raises(NotAllowedError, match="Ask an admin"):
        by_login(store, **claims)
    assert store.things == before
    assert store.logged()[0]["result"] == "refused: no account"


def test_after_the_first_login_the_identity_counts_and_the_address_alone_does_not(store: Any) -> None:
    by_login(store)
    assert by_login(store, issued=NOW + MINUTE, email="binh.new@example.org", email_verified=False).name == "binh"
    with pytest.raises(NotAllowedError, match="Ask an admin"):
        by_login(store, subject="somebody-else", issued=NOW + 2 * MINUTE)


def test_a_new_address_lets_a_new_identity_in(store: Any) -> None:
    by_login(store)
    change_account(store, "binh", by=named(store, "anna"), now=NOW, email="b@example.org")
    with pytest.raises(NotAllowedError):
        by_login(store, issued=NOW + MINUTE)
    assert by_login(store, subject="b-2", issued=NOW + MINUTE, email="b@example.org").name == "binh"


@pytest.mark.parametrize("later", [timedelta(), -MINUTE], ids=["the same", "an older one"])
def test_a_login_counts_once(store: Any, later: timedelta) -> None:
    by_login(store)
    with pytest.raises(NotAllowedError, match="used before"):
        by_login(store, issued=NOW + later)


@pytest.mark.parametrize("age", [timedelta(minutes=11), timedelta(days=29), timedelta(minutes=-11)], ids=str)
def test_an_old_login_counts_no_more(store: Any, age: timedelta) -> None:
    with pytest.raises(NotAllowedError, match="old"):
        by_login(store, now=NOW + age)


def test_a_deactivated_account_is_closed_to_its_identity(store: Any) -> None:
    by_login(store)
    change_account(store, "binh", by=named(store, "anna"), now=NOW, active=False)
    with pytest.raises(NotAllowedError, match="Ask an admin"):
        by_login(store, issued=NOW + MINUTE)


# Rights

TABLE: dict[Role | None, set[Act]] = {
    None: set(),
    "editor": {"edit", "export-drafts"},
    "reviewer": {"edit", "export-drafts", "publish", "read-log"},
    "admin": set(ACTS),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", TABLE, ids=str)
def test_each_role_may_do_what_the_table_says_and_nothing_else(empty_store: Any, role: Role | None, act: Act) -> None:
    account = Account(name="anna", role=role) if role else None
    assert may(account, act, empty_store) == (act in TABLE[role])
    if account:
        assert not may(Account(name="anna", role=account.role, active=False), act, empty_store)


def test_every_role_has_a_row() -> None:
    assert set(TABLE) == {None, *ROLES}


@pytest.mark.parametrize(("setting", "allowed"), [(True, True), (False, False), (None, False), ("yes", False)])
def test_editors_publish_where_the_setting_says_so(store: Any, setting: Any, allowed: bool) -> None:
    store.keep("settings", "editors-publish", setting)
    binh = named(store, "binh")
    assert may(binh, "publish", store) is allowed
    assert not may(binh, "redact", store)
    assert not may(None, "publish", store)


def test_those_who_could_review_are_the_others_who_may_publish(store: Any) -> None:
    anna, binh = named(store, "anna"), named(store, "binh")
    add_account(store, "carla", "reviewer", "a kettle under the fig tree", by=anna, now=NOW)
    assert others_who_may_publish(store, binh) == ["anna", "carla"]
    assert others_who_may_publish(store, anna) == ["carla"]
    change_account(store, "carla", by=anna, now=NOW, active=False)
    assert others_who_may_publish(store, anna) == []


def test_what_may_not_be_done_is_refused_in_words_and_logged(store: Any) -> None:
    with pytest.raises(NotAllowedError, match="binh may not redact: the account is of the role editor"):
        require(named(store, "binh"), "redact", store, now=NOW)
    assert store.logged()[0] == {
        "time": "2024-05-28T09:30:00+00:00", "act": "redact", "who": "binh", "result": "refused"
    }  # fmt: skip


# The audit log


def test_the_log_holds_who_did_what_and_no_secret(store: Any) -> None:
    token = sign_in(store, "binh", EDITORS, now=NOW, peer=HOME)
    with pytest.raises(NotAllowedError):
        authenticate(store, "my secret typed into the wrong field", "another secret", now=NOW, peer=HOME)
    sign_out(store, token, now=NOW)
    change_account(store, "binh", by=named(store, "anna"), now=NOW, password="a kettle under the fig tree")
    with pytest.raises(NotAllowedError):
        by_login(store, email="eve@example.org")
    said = [(line["act"], line["who"], line["result"]) for line in reversed(store.logged())]
    assert said == [
        ("account-added", "command line", "done"),
        ("account-added", "anna", "done"),
        ("sign-in", "binh", "done"),
        ("sign-in", "unknown", "refused"),
        ("sign-out", "binh", "done"),
        ("account-changed", "anna", "done, with a new password"),
        ("sign-in", "unknown", "refused: no account"),
    ]
    log = "\n".join(store.lines)
    hashes = [json.loads(value) for (_, key), value in store.things.items() if key.endswith("/password")]
    for secret in [ADMINS, EDITORS, token, "kettle", "secret", HOME, "eve@example.org", *hashes]:
        assert secret not in log
    assert '"peer": "203.0.113.0/24"' in log


@pytest.mark.parametrize("name", ["password", "new_password", "Token", "session", "cookie", "password_hash"])
def test_a_fact_named_after_a_secret_is_not_logged(empty_store: Any, name: str) -> None:
    with pytest.raises(ValueError, match="leave them out"):
        audit(empty_store, "save", "anna", time="2024-05-28T09:30:00+00:00", **{name: "x"})
    assert empty_store.lines == []
