from .kind import Model as Model
from .known import build as build
from .pool import Pool as Pool
from .rates import Rates as Rates
from .seed import Seed as Seed
from .switch import Switch as Switch
from .prior import Prior as Prior, sample_prior as sample_prior
