from .llm import LLM as LLM
from .routers import Judge as Judge, Router as Router
from .panel import Panel as Panel
from .reading.panels import read_panel as read_panel
from .beliefs import Beliefs as Beliefs, stated_beliefs as stated_beliefs
from .reading.beliefs import read_beliefs as read_beliefs
from .reading.wide import scores_to_beliefs as scores_to_beliefs
from .counted import CountedBeliefs as CountedBeliefs
from .reading.counting import CountedTickets as CountedTickets, count_tickets as count_tickets
from .reading.categories import read_categories as read_categories
from .outcomes import Outcomes as Outcomes
from .ticket_log import TicketLog as TicketLog
from .periods import Periods as Periods
from .reading.outcomes import read_outcomes as read_outcomes
from .texts import TicketTexts as TicketTexts
from .reading.texts import as_texts as as_texts, read_texts as read_texts
