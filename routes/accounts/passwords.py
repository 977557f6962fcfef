"""Passwords: kept as argon2id hashes, compared as they were typed, refused when they are easy to guess."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from routes.problems import NotAllowedError
from routes.words import say

SHORTEST, LONGEST = 8, 200
RATED = 72
"""How much of a password is rated; the rating of longer ones takes too long, and they are not guessed."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP Password Storage, argon2id
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$yN9mBuJydSszgs9C4bnZZg$T1t7tzcBdyze7PimAfsDuIjoSmh9q0YQgfz5RQnMR3U"
"""The hash of a random password that was thrown away: a try at an unknown name takes as long as at a known one."""


def hashed(password: str) -> str:
    """The hash to keep of a password."""
    return _HASHER.hash(_encoded(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one `kept` was made of; without one it takes as long and is not."""
    try:
        return _HASHER.verify(kept or NOBODYS, _encoded(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def refuse_weak(password: str, *, name: str, email: str | None) -> None:
    """NotAllowedError where a password is too short, too long, or easy to guess for whoever knows the account.

    No kind of character is demanded. zxcvbn knows 30,000 common passwords, words and names, and what people do to
    them; below a rating of 2 a million guesses are enough.
    """
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # its lists are 800 kB and seldom needed

    if not SHORTEST <= len(password) <= LONGEST:
        raise NotAllowedError(say("accounts.password_length", shortest=SHORTEST, longest=LONGEST, n=len(password)))
    known = [name, *name.split("-"), *(email or "").split("@"), *say("site.title").split()]
    rating = zxcvbn(password[:RATED], user_inputs=[word.casefold() for word in known if word])
    if password.casefold() == name or rating["score"] < 2:
        raise NotAllowedError(say("accounts.password_common"))


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
