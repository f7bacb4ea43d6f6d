"""Names say what is special about a category, in any script, and each stands once."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr
from trust_router.categories.naming import category_names


@pytest.mark.parametrize(
    "texts",
    [
        ["银行卡丢失了", "我的银行卡丢了", "怎么退款", "我要退款"],
        ["ลืมรหัสผ่าน", "รหัสผ่านผิด", "ขอเงินคืน", "อยากได้เงินคืน"],
        ["पासवर्ड भूल गया", "पासवर्ड बदलें", "पैसे वापस चाहिए", "पैसे वापस करें"],
        ["بطاقتي ضاعت", "ضاعت البطاقة", "أريد استرداد المال", "استرداد المال من فضلك"],
    ],
)
def test_any_script_is_grouped_and_named(texts):
    found = tr.fit_categories(texts, 2, random_seed=1)
    nearest = found.assign(texts)["nearest"].tolist()
    assert nearest[0] == nearest[1] != nearest[2]
    assert nearest[2] == nearest[3]
    assert not any(name.startswith("category") for name in found.names)


def test_marks_stay_in_words():
    labels = np.array([0, 1])
    assert category_names(["पैसे", "हिन्दी"], labels, np.ones(2), 2) == ["पैसे", "हिन्दी"]


def test_names_are_unique_and_say_what_is_special(fitted):
    assert len(set(fitted.names)) == 12
    assert any("password" in name for name in fitted.names)
    assert all(len(shown) == 3 for shown in fitted.examples)
    same = category_names(["a card", "a card"], np.array([0, 1]), np.ones(2), 2)
    assert len(set(same)) == 2
    assert category_names(["?!", "..."], np.array([0, 1]), np.ones(2), 2) == [
        "category 1",
        "category 2",
    ]
