"""The source example's own arithmetic, for users beside its data; decisions hold it."""

from trust_router.decisions.source_costs import SourceCosts as SourceCosts
from trust_router.decisions.source_costs import source_costs as source_costs
