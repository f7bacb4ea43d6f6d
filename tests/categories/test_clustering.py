"""KMeans on unit vectors."""

from __future__ import annotations

import numpy as np

from trust_router.categories.clustering import cluster


def test_centres_are_means_of_unit_vectors():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]] * 3
    centres, labels = cluster(vectors, 3, 1)
    assert len(set(labels)) == 3
    np.testing.assert_allclose(np.linalg.norm(centres, axis=1), 1, atol=1e-6)
