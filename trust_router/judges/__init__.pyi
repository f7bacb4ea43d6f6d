from .asking import ask as ask
from .estimates import Estimate as Estimate, estimate_cost as estimate_cost
from .answers import Answers as Answers
from .kinds import (
    CallableJudge as CallableJudge,
    ClassifierJudge as ClassifierJudge,
    ColumnJudge as ColumnJudge,
    TicketJudge as TicketJudge,
)
from .neighbours import NeighbourJudge as NeighbourJudge
from .calls.prices import Price as Price, Prices as Prices, read_prices as read_prices
