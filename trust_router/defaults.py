"""Every default the project owns, in one place; all are passed on explicitly."""

from __future__ import annotations

from typing import Final, Literal

CiKind = Literal["eti", "hdi"]
NutsSampler = Literal["nutpie", "pymc", "numpyro", "blackjax"]
ModelName = Literal["seed", "switch", "pool", "rates"]
EmbeddingName = Literal["tfidf", "wordllama"]

DRAWS: Final = 2000  # per chain, at most; sampling takes a second, compiling ten
TUNE: Final = 1000
MANY_ROWS: Final = 500  # from here on sampling is what takes the time
TUNE_GAUSSIAN: Final = 250  # where the posterior is nearly Gaussian
ENOUGH_ESS: Final = 2000  # bulk and tail, of many rows; with fewer, R-hat is high by chance
CHAINS: Final = 4
CORES: Final = 2
TARGET_ACCEPT: Final = 0.9
NUTS_SAMPLER: Final[NutsSampler] = "nutpie"

CI_PROB: Final = 0.89
ALARM_RATE: Final = 0.01  # of false alarms of drift, however long it is watched
CI_KIND: Final[CiKind] = "eti"

RHAT_LIMIT: Final = 1.01
ESS_LIMIT: Final = 400
BFMI_LIMIT: Final = 0.3
PARETO_K_LIMIT: Final = 0.7  # of the weights that bring later outcomes in

TICKETS: Final = 100  # costs are stated per this many tickets
SAVINGS_DRAWS: Final = 10_000
COMMAND_SEED: Final = 1  # of the command line and the report

NOISE_SHAPES: Final = (2.0, 10.0)  # of the belief about how often an outcome is wrong
CONCENTRATION: Final = 10.0  # of a probability that a judge states without one
PROBABILITY_FLOOR: Final = 0.01  # stated probabilities nearer to 0 or 1 count as this near
POINTWISE_VALUES: Final = 5_000_000  # at most so many per-row, per-draw values in each group
PREDICTION_DRAWS: Final = 1000  # of need, for each ticket predicted
FORETOLD_DRAWS: Final = 100  # at most, for what is foretold to warn
LOO_DRAWS: Final = 4000  # at most, for leave-one-out
BOOTSTRAP_DRAWS: Final = 1000
SENSITIVITY_LIMIT: Final = 0.05  # of power scaling; above it, a prior or the outcomes matter
RELIABILITY_BINS: Final = 10
FEEDBACKS: Final = (25, 100, 400, 1000)  # sizes of learning curves, as far as there are tickets
SPLITS: Final = 10
HELD_OUT: Final = 0.25  # share of the tickets with an outcome
REPLICATES: Final = 200  # of the bootstrap
COVERAGE: Final = (0.5, 0.8, 0.95)  # intervals whose coverage is counted
COVERAGE_TICKETS: Final = 10  # a group of fewer does not count
REFIT_DRAWS: Final = 600  # per chain, where a model is fitted many times
REFIT_TUNE: Final = 400
ONE_CATEGORY: Final = "all"  # of tickets that have none
ALL_CATEGORIES: Final = "all categories"  # label of trust that does not vary between them

EMBEDDING: Final[EmbeddingName] = "tfidf"
TEXT_CHARACTERS: Final = 2000  # of a ticket's text that are read
EMBEDDING_DIMS: Final = 200  # kept of the TF-IDF by the SVD
EMBEDDING_TEXTS: Final = 10_000  # at most, drawn at random, that the TF-IDF and SVD are fitted on
KMEANS_STARTS: Final = 3
CALIBRATION_TEXTS: Final = 5000  # at most, drawn at random, that are held out in turn
NONE_SHARE: Final = 0.02  # of tickets like the fitted ones that are called "none of these"
CANDIDATES: Final = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96)  # of categories
CATEGORY_TICKETS: Final = 10  # a suggested category has at least so many different texts
SUGGESTION_TEXTS: Final = 2000  # at most, drawn at random, that candidates are compared on

CONCENTRATION_CAP: Final = 30.0  # of one answer about one ticket; more counts as this much
CONCENTRATION_LEAST: Final = 0.1  # less counts as this much
SURENESS: Final = {"guess": 2.0, "unsure": 5.0, "fairly sure": 10.0, "sure": 20.0, "certain": 30.0}
JUDGE_CHARACTERS: Final = 8000  # of a ticket's text that an LLM reads
CACHE: Final = "answers.sqlite"  # of the command line
CONCURRENCY: Final = 8  # calls of LLMs at the same time
RETRIES: Final = 5  # of a call that failed for a reason that may pass
RETRY_WAIT: Final = 0.5  # seconds before the first retry; doubles with each
RETRY_WAIT_MOST: Final = 60.0  # seconds; a server that asks for more is not waited for
CALL_TIMEOUT: Final = 60.0  # seconds for one call
ANSWER_BYTES: Final = 2_000_000  # of a server's answer; more is refused
CLAIM_SECONDS: Final = 30.0  # that a process that no longer answers keeps others from asking
GIVE_UP_AFTER: Final = 10  # tickets in a row on which a judge failed, or said nothing of use
MAX_TOKENS: Final = {"shapes": 256, "probability": 256, "logprob": 4}  # of an answer, by way
FLAG_SCORE: Final = 3.5  # robust standard deviations from what a judge says of such tickets
FLAG_SCALE_LEAST: Final = 0.5  # log-odds; no smaller deviation is taken for a standard one
FLAG_TICKETS: Final = 8  # answers that are needed to call another one unusual
NEIGHBOURS: Final = 20  # past tickets that a neighbour judge looks at
