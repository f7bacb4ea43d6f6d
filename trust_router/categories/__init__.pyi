from .finding import fit_categories as fit_categories
from .categorizer import Categorizer as Categorizer, load_categories as load_categories
from .suggesting import Suggestion as Suggestion, suggest_categories as suggest_categories
