from .trust import trust as trust
from .drift import drift as drift
from .need import need as need
from .mixtures import mixtures as mixtures
from .seats import seats as seats
from .costs import costs as costs
from .diagnostics import diagnostics as diagnostics
from .pit import pit as pit
from .prior import prior as prior
from .judges import (
    calibration as calibration,
    dropped as dropped,
    reliability as reliability,
)
from .backtest import held_out as held_out, learning as learning
from .selection import selection as selection
from .statements import statements as statements
from .tickets import tickets as tickets
