"""Real data sets read as panels where they are, and are named where they are not."""

from __future__ import annotations

import os

import numpy as np
import pytest

import trust_router as tr
from trust_router.examples.datasets import DATA_VARIABLE, data_folder


@pytest.fixture(scope="module")
def real_folder():
    try:
        data_folder("mmlupro_judges")
        data_folder("routellm_mmlu")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    return os.environ[DATA_VARIABLE]


def test_mmlupro_is_read_as_a_panel(real_folder):
    fails = tr.examples.load_mmlupro(real_folder)
    needs = tr.examples.load_mmlupro(real_folder, target="needs")
    assert len(fails.beliefs) == 7179
    assert len(fails.outcomes.categories) == 14
    assert fails.outcomes.needs.sum() / 7179 == pytest.approx(0.40, abs=0.005)
    assert needs.outcomes.needs.sum() / 7179 == pytest.approx(0.22, abs=0.005)
    assert np.isnan(fails.beliefs.alpha).any()


def test_routellm_is_read_as_a_panel(real_folder):
    data = tr.examples.load_routellm(real_folder)
    assert len(data.beliefs) == 14037
    assert len(data.outcomes.categories) == 57


def test_a_missing_folder_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    with pytest.raises(FileNotFoundError, match=f"set {DATA_VARIABLE}"):
        tr.examples.load_mmlupro()
    with pytest.raises(FileNotFoundError, match="there is no folder 'routellm_mmlu' in"):
        tr.examples.load_routellm(tmp_path)
    with pytest.raises(ValueError, match="`target` must be 'fails' or 'needs'; got 'x'"):
        tr.examples.load_mmlupro(tmp_path, target="x")
