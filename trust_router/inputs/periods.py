"""Periods: instants as days, weeks or months, numbered without gaps."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.checks import shown
from trust_router.basics.frozen import Frozen
from trust_router.basics.instants import Instants, instants
from trust_router.basics.shown import Shown

__all__ = ["Clock", "Every", "Periods", "joined_periods", "spoken"]

Every = Literal["day", "week", "month"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONDAY = 4  # the first one of 1970, in days from its beginning


@dataclass(frozen=True, repr=False)
class Clock(Shown):
    """How long periods are, and where a day begins.

    Attributes
    ----------
    every : {"day", "week", "month"}
    time_zone : str
        A name of the IANA database.

    Raises
    ------
    ValueError
        If there is no such kind of period or time zone.
    """

    every: Every
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        _check_every("every", self.every)
        _zone(self.time_zone)


@dataclass(frozen=True, eq=False, repr=False)
class Periods(Shown, Frozen):
    """The period of each of some moments.

    Attributes
    ----------
    labels : tuple of str
        All periods from the first to the last, also those in which nothing happened:
        ``"2026-09-01"``, ``"2026-W36"`` (ISO, from Monday) or ``"2026-09"``. Sorted as text they
        are in their order.
    position : ndarray of int, shape (moment,)
        Position in ``labels``; -1 where the moment is not known.

    Examples
    --------
    >>> seen = np.array(["2026-08-31T23:30", "NaT", "2026-09-15T08:00"], dtype="datetime64[us]")
    >>> weeks = Periods.of(seen, "week")
    >>> weeks.labels, weeks.position
    (('2026-W36', '2026-W37', '2026-W38'), array([ 0, -1,  2]))
    >>> Periods.of(seen, "month", time_zone="Europe/Berlin").labels
    ('2026-09',)
    """

    labels: tuple[str, ...]
    position: NDArray[np.intp]

    @classmethod
    def of(cls, moments: ArrayLike, every: Every, *, time_zone: str = "UTC") -> Periods:
        """Find the periods of moments.

        Parameters
        ----------
        moments : array_like of datetime64, shape (moment,)
            Of UTC, as `TicketLog.time` has them; NaT where nobody knows.
        every : {"day", "week", "month"}
        time_zone : str
            Whose midnight a day begins with; a name of the IANA database.

        Raises
        ------
        ValueError
            If there is no such kind of period or time zone, or moments are no instants.
        """
        _check_every("every", every)
        given = instants("moments", moments)
        known = ~np.isnat(given)
        position = np.full(len(given), -1, dtype=np.intp)
        zone = _zone(time_zone)
        if not known.any():
            return cls((), position)
        number = _numbered(_days(given[known], zone), every)
        first, last = number.min(), number.max()
        position[known] = number - first
        return cls(_labels(np.arange(first, last + 1), every), position)


def spoken(label: str) -> str:
    """Say when a period was, as "in the week of 3 March 2026".

    Examples
    --------
    >>> [spoken(label) for label in ("2026-03-03", "2026-W10", "2026-03")]
    ['on 3 March 2026', 'in the week of 2 March 2026', 'in March 2026']
    """
    if "W" in label:
        monday = datetime.date.fromisocalendar(int(label[:4]), int(label[6:]), 1)
        return f"in the week of {monday.day} {_MONTHS[monday.month - 1]} {monday.year}"
    year, month, *day = (int(part) for part in label.split("-"))
    words = [*day, _MONTHS[month - 1], year]
    return f"{'on' if day else 'in'} {' '.join(map(str, words))}"


def joined_periods(
    earlier: tuple[str, ...], later: tuple[str, ...]
) -> tuple[tuple[str, ...], int, int]:
    """Join the labels of periods of one kind, and say where the first of each stands.

    Examples
    --------
    >>> joined_periods(("2026-W52", "2026-W53"), ("2027-W02",))
    (('2026-W52', '2026-W53', '2027-W01', '2027-W02'), 0, 3)
    """
    if not (earlier and later):
        return earlier or later, 0, 0
    every: Every = "week" if "W" in earlier[0] else "month" if len(earlier[0]) == 7 else "day"
    first, other, *ends = (
        _number(label, every) for label in (earlier[0], later[0], earlier[-1], later[-1])
    )
    least = min(first, other)
    labels = _labels(np.arange(least, max(ends) + 1), every)
    return labels, first - least, other - least


def _number(label: str, every: Every) -> int:
    """Give the number of a period that a label names."""
    if every == "week":
        day = np.datetime64(datetime.date.fromisocalendar(int(label[:4]), int(label[6:]), 1))
    else:
        day = np.datetime64(label, "D")
    return int(_numbered(np.array([day]).astype("datetime64[D]").astype(np.int64), every)[0])


def _check_every(name: str, every: object) -> None:
    if every not in get_args(Every):
        raise ValueError(f"`{name}` must be 'day', 'week' or 'month'; got {shown(every)}")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, TypeError, ValueError):  # a KeyError where there is none
        raise ValueError(
            f"`time_zone` must be the name of a time zone, as Europe/Berlin; got {shown(name)}"
        ) from None


def _days(moments: Instants, zone: ZoneInfo) -> NDArray[np.int64]:
    """Give the days that it is in a zone, counted from 1970."""
    # Zones change their offset at full quarters of an hour, so few have to be looked up.
    quarters, at = np.unique(moments.astype("datetime64[15m]"), return_inverse=True)
    offsets = [_offset(quarter, zone) for quarter in quarters.astype("datetime64[s]").tolist()]
    local = moments + np.array(offsets, dtype="timedelta64[s]")[at]
    days: NDArray[np.int64] = local.astype("datetime64[D]").astype(np.int64)
    return days


def _offset(moment: datetime.datetime, zone: ZoneInfo) -> int:
    away = moment.replace(tzinfo=datetime.UTC).astimezone(zone).utcoffset()
    return 0 if away is None else round(away.total_seconds())


def _numbered(days: NDArray[np.int64], every: Every) -> NDArray[np.int64]:
    if every == "month":
        return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (days - _MONDAY) // 7 if every == "week" else days


def _labels(number: NDArray[np.int64], every: Every) -> tuple[str, ...]:
    if every == "week":
        mondays = (_MONDAY + 7 * number).astype("datetime64[D]").tolist()
        return tuple("{}-W{:02d}".format(*monday.isocalendar()) for monday in mondays)
    unit = "datetime64[M]" if every == "month" else "datetime64[D]"
    return tuple(number.astype(unit).astype(str).tolist())
