from .backtesting import backtest as backtest
from .backtests import Backtest as Backtest
from .facts import TicketFacts as TicketFacts, read_facts as read_facts
from .comparing import compare as compare
from .stacking import Stack as Stack, stack as stack
from .loo import TicketLoo as TicketLoo, ticket_loo as ticket_loo
from .dropping import (
    DroppedJudges as DroppedJudges,
    drop_judge as drop_judge,
    without_judge as without_judge,
)
from .predictive import LooPit as LooPit, loo_pit as loo_pit, predictive_check as predictive_check
from .ranks import RankCheck as RankCheck
from .enough import Enough as Enough, outcomes_needed as outcomes_needed
