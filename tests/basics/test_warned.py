"""What is to be said of judges is said once."""

from __future__ import annotations

import pytest

from trust_router.basics.warned import JudgeWarning, warn_of


def test_all_is_said_in_one_warning():
    with pytest.warns(JudgeWarning, match=r"^One\. Two\.$") as said:
        warn_of(["One.", "", "Two.", "One."])
    assert len(said) == 1
    warn_of(["", ""])  # nothing to say, and no warning
