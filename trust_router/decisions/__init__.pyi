from .costs import Costs as Costs, read_costs as read_costs
from .decision import Decision as Decision, TicketDecision as TicketDecision
from .deciding import decide as decide, decide_all as decide_all
from .tickets import decide_tickets as decide_tickets
from .exporting import export as export
from .exported import Export as Export, read_export as read_export
from .routing import Routing as Routing, route as route
from .policies import Savings as Savings, savings as savings
from .exploration import Exploration as Exploration, explore as explore
from .off_policy import OffPolicy as OffPolicy, off_policy as off_policy
