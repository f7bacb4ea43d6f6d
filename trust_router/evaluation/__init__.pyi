from .backtesting import Backtest as Backtest, backtest as backtest
from .comparing import Stack as Stack, compare as compare, stack as stack
from .loo import TicketLoo as TicketLoo, ticket_loo as ticket_loo
from .dropping import (
    DroppedJudges as DroppedJudges,
    drop_judge as drop_judge,
    without_judge as without_judge,
)
from .facts import TicketFacts as TicketFacts, read_facts as read_facts
