from .calibration import (
    JudgeCalibration as JudgeCalibration,
    fitted_calibration as fitted_calibration,
    judge_calibration as judge_calibration,
)
from .alarm import Alarm as Alarm, drift_alarm as drift_alarm
from .drifting import Change as Change, Drift as Drift, drift as drift
from .discounting import Forgetting as Forgetting, forgetting as forgetting
from .effective import EffectiveJudges as EffectiveJudges, effective_judges as effective_judges
from .worth import JudgeWorth as JudgeWorth, judge_worth as judge_worth
from .reliability import (
    judge_reliability as judge_reliability,
    prediction_reliability as prediction_reliability,
)
from .noise import noise_rates as noise_rates
from .sensitivity import (
    PriorSensitivity as PriorSensitivity,
    prior_sensitivity as prior_sensitivity,
)
from .statements import judge_statements as judge_statements
from .panel_checks import check_judges as check_judges
from .knowledge import panel_knowledge as panel_knowledge
from .trust import trust_by_category as trust_by_category
from .selection import Selection as Selection, selection as selection
