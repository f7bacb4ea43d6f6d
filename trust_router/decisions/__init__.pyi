from .costs import Costs as Costs, read_costs as read_costs
from .deciding import Decision as Decision, decide as decide, decide_all as decide_all
from .tickets import decide_tickets as decide_tickets
from .routing import Routing as Routing, route as route
from .policies import Savings as Savings, savings as savings
