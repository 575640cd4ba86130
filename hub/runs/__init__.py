"""One run of a source, from its first raw record to its outcome."""

from hub.runs.outcome import Outcome, RunResult
from hub.runs.plan import RunPlan
from hub.runs.run import Run

__all__ = ["Outcome", "Run", "RunPlan", "RunResult"]
