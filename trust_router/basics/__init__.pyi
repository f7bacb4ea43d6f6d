from .beta import Beta as Beta
from .mixture import BetaMixture as BetaMixture
from .draws import NeedDraws as NeedDraws
