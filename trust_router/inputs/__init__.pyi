from .llm import LLM as LLM
from .panel import Judge as Judge, Panel as Panel, Router as Router, read_panel as read_panel
from .beliefs import Beliefs as Beliefs, stated_beliefs as stated_beliefs
from .outcomes import (
    Outcomes as Outcomes,
    read_outcomes as read_outcomes,
    outcomes_from_frame as outcomes_from_frame,
)
from .reading.beliefs import read_beliefs as read_beliefs, beliefs_from_frame as beliefs_from_frame
