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


PARCEL = {
    "en": ["My parcel is late and the courier is silent", "The parcel is late", "Where is it?"],
    "de": ["Mein Paket ist zu spät und der Kurier ist nicht da", "Das Paket ist noch nicht da"],
    "fr": ["Mon colis est en retard et je ne sais pas où il est", "J'ai un colis en retard"],
}
PASSWORD = {
    "en": ["I have forgotten my password", "The password is wrong and I can not log in"],
    "de": ["Ich habe mein Passwort vergessen", "Das Passwort ist falsch, bitte ändern Sie es"],
    "fr": ["J'ai oublié mon mot de passe", "Le mot de passe est faux et je n'ai pas accès"],
}
THANKS = {
    "en": ["Thank you for everything, the technician was good", "Everything is good, thank you"],
    "de": ["Danke für alles, der Techniker war gut", "Alles ist gut, danke sehr"],
    "fr": ["Merci pour tout, le technicien était bon", "Tout est bon, merci à vous"],
}
STOPPED = {
    "en": {"my", "is", "the", "and", "where", "it", "have", "thank", "you", "good", "everything"},
    "de": {"mein", "ist", "zu", "der", "das", "nicht", "da", "ich", "habe", "noch", "für", "es"},
    "fr": {"mon", "est", "en", "et", "je", "ne", "pas", "où", "il", "j'ai", "n'ai", "de", "le"},
}
SAYS = {
    "en": ("parcel", "password", "technician"),
    "de": ("paket", "passwort", "techniker"),
    "fr": ("colis", "passe", "technicien"),
}


def named(*groups):
    texts = [text for group in groups for text in group]
    labels = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return category_names(texts, labels, np.ones(len(texts)), len(groups))


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_no_name_holds_a_stop_word_of_its_language(language):
    names = named(PARCEL[language], PASSWORD[language], THANKS[language])
    assert not STOPPED[language] & {word for name in names for word in name.split(" / ")}
    assert all(word in name for word, name in zip(SAYS[language], names, strict=True))


def test_languages_may_be_mixed():
    names = named(PARCEL["en"] + PARCEL["de"], PASSWORD["de"] + PASSWORD["fr"], THANKS["en"])
    stopped = set().union(*STOPPED.values())
    assert not stopped & {word for name in names for word in name.split(" / ")}


def test_a_word_that_is_a_stop_word_elsewhere_may_name_a_category():
    english = ["The printer will die", "My printer did die", "It may die, I hope that it will not"]
    assert "die" in named(english, PASSWORD["en"], THANKS["en"])[0].split(" / ")


def test_a_word_that_says_little_beside_the_best_does_not_fill_a_name():
    parcels = [f"parcel street{i}" for i in range(60)]
    assert named(parcels, ["password"] * 60) == ["parcel", "password"]


def test_a_group_of_nothing_but_stop_words_has_a_name_all_the_same():
    assert named(["Thank you for this"] * 3, PARCEL["en"])[0] == "thank"
