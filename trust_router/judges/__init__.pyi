from .asking import ask as ask
from .estimates import Estimate as Estimate, estimate_cost as estimate_cost
from .answers import Answers as Answers
from .kinds import (
    CallableJudge as CallableJudge,
    ClassifierJudge as ClassifierJudge,
    ColumnJudge as ColumnJudge,
    NeighbourJudge as NeighbourJudge,
    TicketJudge as TicketJudge,
)
from .calls.prices import Price as Price, Prices as Prices, read_prices as read_prices
