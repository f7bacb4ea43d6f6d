from .trust import (
    trust as trust,
    need as need,
    mixtures as mixtures,
    seats as seats,
    costs as costs,
    diagnostics as diagnostics,
)
from .prior import prior as prior
from .judges import (
    calibration as calibration,
    dropped as dropped,
    error_correlation as error_correlation,
    reliability as reliability,
)
from .backtest import held_out as held_out, learning as learning
