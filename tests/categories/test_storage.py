"""Saved categories load alike, and nothing else loads."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from support.full_disk import full_disk

import trust_router as tr


def test_a_saved_categorizer_assigns_alike(past, fitted, tmp_path):
    path = fitted.renamed({fitted.names[0]: "Grüße, 退款"}).save(tmp_path / "c.npz")
    loaded = tr.categories.load_categories(path)
    assert loaded.names[0] == "Grüße, 退款"
    assert loaded.examples == fitted.examples
    assert loaded.provenance == fitted.provenance
    pd.testing.assert_frame_equal(
        loaded.assign(past[0])[["confidence", "similarity"]],
        fitted.assign(past[0])[["confidence", "similarity"]],
    )
    assert path.read_bytes() == loaded.save(tmp_path / "again").read_bytes()


def test_a_file_can_leave_out_the_texts(fitted, tmp_path):
    loaded = tr.categories.load_categories(fitted.save(tmp_path / "c.npz", examples=False))
    assert all(shown == () for shown in loaded.examples)
    assert (loaded.table()["example"] == "").all()


def test_save_replaces_whole_or_not_at_all(fitted, tmp_path):
    path = fitted.save(tmp_path / "c.npz")
    before = path.read_bytes()

    with full_disk(), pytest.raises(OSError, match=r"c\.npz' cannot be written: File too large"):
        fitted.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["c.npz"]
    assert path.read_bytes() == before
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        fitted.save(tmp_path / "nowhere" / "c.npz")


def changed(path, **changes):
    """Write a saved file again with parts of its description, or arrays, changed."""
    with np.load(path) as held:
        arrays = {name: held[name] for name in held.files}
    about = json.loads(arrays["about"].tobytes())
    for name, value in changes.items():
        (arrays if name in arrays else about)[name] = value
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez(path, **arrays)


def test_foreign_old_and_damaged_files_are_refused(fitted, tmp_path):
    path = tmp_path / "c.npz"
    with pytest.raises(FileNotFoundError, match="no categories file"):
        tr.categories.load_categories(path)
    for foreign in (b"", b"ticket,text\n", b"PK\x03\x04half", fitted.save(path).read_bytes()[:900]):
        path.write_bytes(foreign)
        with pytest.raises(ValueError, match=r"c\.npz was not saved by trust_router"):
            tr.categories.load_categories(path)
    np.savez(path, about=np.array([{}], dtype=object))  # a pickle is never opened
    with pytest.raises(ValueError, match="was not saved by trust_router"):
        tr.categories.load_categories(path)
    for changes, said in (
        ({"creator": "someone"}, "was not saved by trust_router"),
        ({"format": 99}, "has format 99"),
        ({"sizes": [1]}, "is damaged: `sizes`"),
        ({"names": ["a"] * 12}, "is damaged: `names` must be unique"),
        ({"calibration": {}}, "is damaged"),
        ({"embedding": "other"}, "is damaged: `embedding` must be one of tfidf, wordllama"),
        ({"centres": np.zeros((12, 3), np.float32)}, "is damaged: `centres`"),
        ({"components": np.zeros((200, 3), np.float32)}, "is damaged: `components`"),
    ):
        fitted.save(path)
        changed(path, **changes)
        with pytest.raises(ValueError, match=said):
            tr.categories.load_categories(path)
