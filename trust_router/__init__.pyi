# Declare.
from .basics.beta import Beta as Beta
from .inputs import (
    LLM as LLM,
    Judge as Judge,
    Router as Router,
    Panel as Panel,
    read_panel as read_panel,
    Beliefs as Beliefs,
    read_beliefs as read_beliefs,
    scores_to_beliefs as scores_to_beliefs,
    stated_beliefs as stated_beliefs,
    Outcomes as Outcomes,
    read_outcomes as read_outcomes,
)

# Learn.
from .learning.solving import solve as solve
from .learning.fitting import fit as fit
from .learning.compiled import compile_model as compile_model
from .learning.storage import load as load
from .basics.warned import JudgeWarning as JudgeWarning
from .learning.diagnostics import ConvergenceError as ConvergenceError
from .learning.posterior import Posterior as Posterior
from .learning.noise import Noise as Noise
from .learning.models import Pool as Pool, Rates as Rates, Seed as Seed, Switch as Switch

# Ask.
from .categories import fit_categories as fit_categories
from .judges import ask as ask, estimate_cost as estimate_cost

# Decide.
from .decisions import (
    Costs as Costs,
    decide as decide,
    decide_all as decide_all,
    decide_tickets as decide_tickets,
    read_costs as read_costs,
    route as route,
    savings as savings,
)

# Evaluate and show.
from .evaluation import backtest as backtest, compare as compare
from .show.reports import write_report as write_report

# The rest, by what it is about.
from . import categories as categories, decisions as decisions, evaluation as evaluation
from . import examples as examples, insight as insight, judges as judges
from .inputs.reading import logs as logs
from .learning import models as models
from .show import plots as plots, reports as reports

__version__: str
