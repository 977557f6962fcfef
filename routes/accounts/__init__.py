"""Who may: staff accounts, passwords, sign-in, sessions, rights, and the words of the audit log. All on a Store.

    people          Account, and which there are
    rights          what each role may do: one table
    passwords       argon2id; which passwords are refused
    attempts        how long to wait after wrong tries
    sessions        signing in and out
    identities      whom an OpenID provider vouches for
    administration  accounts made and changed
    audit           the one function that writes to the log

What is kept in the store, by kind and key:

    accounts   NAME              role, active, email, made, generation
               NAME/password     the argon2id hash; none where the account signs in through the organisation alone
               NAME/identity     issuer, subject and time of the last login of the OpenID identity bound to it
    sessions   HASH              name, generation, started; HASH is the SHA-256 of a token that only the browser knows
               HASH/used         when it was used last
    attempts   KIND-HASH         how many tries failed and when the last was

What changes at different moments has keys of its own, so that two writers never undo each other: a session that is
ended while it is being used stays ended, a new password is not overwritten by an older one's newer hash.

The list met is OWASP ASVS 5.0, level 1.
"""

from routes.accounts.administration import (
    add_account,
    change_account,
    change_own_password,
    check_new_account,
    remove_account,
)
from routes.accounts.audit import audit
from routes.accounts.identities import account_of_identity
from routes.accounts.people import ROLES, Account, Role, account_named, accounts
from routes.accounts.rights import ACTS, Act, may, others_who_may_publish, require
from routes.accounts.sessions import account_of, authenticate, end_all_sessions, open_session, sign_in, sign_out

__all__ = [
    "ACTS",
    "ROLES",
    "Account",
    "Act",
    "Role",
    "account_named",
    "account_of",
    "account_of_identity",
    "accounts",
    "add_account",
    "audit",
    "authenticate",
    "change_account",
    "change_own_password",
    "check_new_account",
    "end_all_sessions",
    "may",
    "open_session",
    "others_who_may_publish",
    "remove_account",
    "require",
    "sign_in",
    "sign_out",
]
