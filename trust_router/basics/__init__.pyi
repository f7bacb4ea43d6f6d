from .beta import Beta as Beta, BetaMixture as BetaMixture
from .draws import NeedDraws as NeedDraws
