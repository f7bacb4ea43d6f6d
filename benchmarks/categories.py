"""How well categories from text match banking77's 77 intents: fitted on train, measured on test.

Needs a folder with banking77/train.csv and banking77/test.csv (columns text, category), named by
--data or the variable TRUST_ROUTER_DATA.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import normalized_mutual_info_score

from trust_router.categories.categorizer import NO_CATEGORY
from trust_router.categories.embedding import embed, unit
from trust_router.categories.finding import fit_categories

SEEDS = (1, 2, 3)
LEFT_OUT = 20  # intents that a second fit never sees
FAR = [  # about nothing that the data are about
    "How do I boil an egg for breakfast?",
    "What is the weather in Lisbon tomorrow?",
    "My football team lost again last night",
    "Recommend a good horror movie",
    "The printer on the third floor is out of toner",
    "How tall is Mount Everest?",
    "Il fait beau et je vais à la plage",
    "Wie lange muss Brot im Ofen bleiben?",
    "数据库连接失败",
    "asdkjh qwoeiu zmxnc",
]


def main() -> None:
    """Print one line of figures per embedding, or why there are none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("TRUST_ROUTER_DATA"))
    folder = parser.parse_args().data
    files = [Path(folder or "") / "banking77" / name for name in ("train.csv", "test.csv")]
    if folder is None or not all(path.is_file() for path in files):
        print("categories: skipped, no banking77 in --data or TRUST_ROUTER_DATA")
        return
    train, test = (pd.read_csv(path) for path in files)
    for embedding in ("tfidf", "wordllama"):
        if embedding == "wordllama" and importlib.util.find_spec("wordllama") is None:
            print("wordllama: skipped, the package is not installed")
            continue
        runs = pd.DataFrame([_figures(train, test, embedding, seed) for seed in SEEDS])
        print(f"\n{embedding}, mean (sd) over seeds {SEEDS}")
        for name, values in runs.items():
            print(f"  {name:34} {values.mean():7.3f} ({values.std():.3f})")


def _figures(train: pd.DataFrame, test: pd.DataFrame, embedding: str, seed: int) -> dict:
    start = time.perf_counter()
    fitted = fit_categories(train["text"], 77, embedding=embedding, random_seed=seed)
    seconds = time.perf_counter() - start
    assigned = fitted.assign(test["text"])
    known, new = (unit(embed(fitted.embedding, list(t["text"]))) for t in (train, test))
    neighbour = train["category"].to_numpy()[(new @ known.T).argmax(axis=1)]
    groups = pd.crosstab(assigned["nearest"], test["category"])
    sure = assigned["confidence"] > 0.95
    right = assigned["nearest"].map(groups.idxmax(axis=1)) == test["category"]
    return {
        "purity": groups.max(axis=1).sum() / len(test),
        "NMI": normalized_mutual_info_score(test["category"], assigned["nearest"]),
        "1-NN accuracy": np.mean(neighbour == test["category"]),
        "none of these, test tickets": (assigned["category"] == NO_CATEGORY).mean(),
        "share with confidence above 0.95": sure.mean(),
        "purity of those": right[sure].mean(),
        "purity of the others": right[~sure].mean(),
        "seconds to fit": seconds,
        **_strangers(train, test, embedding, seed),
    }


def _strangers(train: pd.DataFrame, test: pd.DataFrame, embedding: str, seed: int) -> dict:
    """How often tickets about something new are called none of these."""
    intents = np.random.default_rng(seed).permutation(sorted(set(train["category"])))
    new = set(intents[:LEFT_OUT])
    seen = train.loc[~train["category"].isin(new), "text"]
    fitted = fit_categories(seen, 77 - LEFT_OUT, embedding=embedding, random_seed=seed)
    texts = {
        "none, intents never seen": test.loc[test["category"].isin(new), "text"],
        "none, nothing about banking": FAR,
    }
    return {
        name: (fitted.assign(given)["category"] == NO_CATEGORY).mean()
        for name, given in texts.items()
    }


if __name__ == "__main__":
    main()
