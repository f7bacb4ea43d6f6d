"""Short texts of tickets, put together from sentences; harder tickets say more of what is hard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from trust_router.basics.arrays import Array

__all__ = ["ASKED", "ticket_text"]

ASKED = {
    "password": (
        "I forgot my password and the reset mail does not arrive.",
        "How do I change the password of my login?",
        "My login is locked after three wrong passwords.",
        "The reset link for the password has expired, please send another.",
        "Please reset the password for {name}, the login page refuses it.",
    ),
    "delivery": (
        "Where is my parcel {number}? The courier shows no tracking since {day}.",
        "The parcel was to be delivered on {day}, and nobody came.",
        "Can you deliver my parcel to another address?",
        "Courier says parcel {number} was delivered, but it is not here.",
        "Tracking of my parcel stands still, when will the courier come?",
    ),
    "invoice": (
        "Please send me invoice {number} again as PDF.",
        "Why is the invoice of {month} higher than the one before?",
        "I was charged twice on invoice {number}.",
        "The VAT number on my invoice is wrong.",
        "Which period does the charge on invoice {number} cover?",
    ),
    "refund": (
        "I sent the device back on {day} and want my money back.",
        "When do I get my money back for return {number}?",
        "Only half of the money for my return was paid back.",
        "You refused my return {number}, I want the money all the same.",
        "The device came broken, I return it and ask for the money.",
    ),
    "setup": (
        "The router does not find the wifi after setup.",
        "How do I connect the box to the wifi of my router?",
        "Setup of the router stops at step {step} with a red light.",
        "Which settings does my own router need for the box?",
        "After the update the router forgets its wifi settings.",
    ),
    "outage": (
        "No internet since {day}, the line is dead.",
        "The connection drops every evening, the line is down for minutes.",
        "Is there an outage in {place}? My line is dead.",
        "Internet is slow and drops since the outage on {day}.",
        "The technician was here, and the line is down again.",
    ),
    "contract": (
        "I want to cancel my contract at the end of {month}.",
        "My contract was renewed for a year though I had cancelled.",
        "Can the contract go to my partner when I move out?",
        "Which notice period has my contract {number}?",
        "The tariff in my contract is not the one I agreed to.",
    ),
    "privacy": (
        "Which personal data do you hold about me? Please send a copy.",
        "Delete all my personal data, account {number} as well.",
        "Somebody else saw my personal data in the app.",
        "I object to the use of my personal data for advertising.",
        "Who passed my personal data to another company?",
    ),
}

_PLAIN = (
    "Thanks!",
    "Kind regards, {name}",
    "A short answer is enough.",
    "It is not urgent.",
    "Where on your page do I find that?",
    "Sent from my phone.",
)
_HARD = (
    "Your colleague told me the opposite in {month}.",
    "This is the third time, and each time I get another answer.",
    "My lawyer wants your reason in writing by {day}.",
    "It only happens together with what you changed in {month}.",
    "Two of your departments send me back and forth.",
    "The account is in the name of my late father.",
)
_SLOTS: dict[str, Sequence[str]] = {
    "name": ("A. Reyes", "Jo Lindqvist", "M. Okafor", "P. Novak", "S. Haddad", "K. Tanaka"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "month": ("January", "February", "March", "April", "May", "June"),
    "place": ("the harbour", "the old town", "the north", "the valley"),
    "step": ("2", "3", "4"),
}


def ticket_text(kind: str, hardness: float, rng: np.random.Generator) -> str:
    """Write the text of a ticket.

    Parameters
    ----------
    kind : str
    hardness : float
        Standard deviations by which the ticket is harder than others of its kind.
    rng : numpy.random.Generator
    """
    chances: Array = special.expit(np.array([1.5 * hardness - 0.6, -1.5 * hardness - 0.6]))
    parts = [_one(ASKED[kind], rng)]
    for sentences, chance in zip((_HARD, _PLAIN), chances, strict=True):
        if rng.random() < chance:
            parts.append(_one(sentences, rng))
    slots = {name: _one(values, rng) for name, values in _SLOTS.items()}
    return " ".join(parts).format(number=int(rng.integers(10_000, 99_999)), **slots)


def _one(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]
