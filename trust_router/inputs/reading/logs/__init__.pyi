from .tools import (
    langfuse as langfuse,
    mlflow as mlflow,
    phoenix as phoenix,
    langsmith as langsmith,
    opentelemetry as opentelemetry,
    inspect as inspect,
    scores as scores,
    Tool as Tool,
)
from .calls import (
    Calls as Calls,
    langfuse_observations as langfuse_observations,
    litellm as litellm,
)
from .answering import Answered as Answered
from .tool_log import ToolLog as ToolLog
