"""An example for the help of every command."""

from __future__ import annotations

__all__ = ["EXAMPLES", "epilog"]

EXAMPLES = {
    "init": ("trust-router init desk",),
    "check": (
        "trust-router check",
        "trust-router check --panel panel.toml --outcomes tickets.csv --beliefs beliefs.csv",
    ),
    "solve": ("trust-router solve --panel panel.toml --outcomes outcomes.csv",),
    "fit": (
        "trust-router fit --panel panel.toml --outcomes tickets.csv --beliefs beliefs.csv "
        "--out posterior.nc",
        "trust-router fit --outcomes log.csv --column outcome=passed --need false",
    ),
    "update": (
        "trust-router update --posterior posterior.nc --outcomes today.csv --beliefs said.csv",
    ),
    "alarm": (
        "trust-router alarm --panel panel.toml --outcomes tickets.csv --beliefs beliefs.csv",
    ),
    "judges": ("trust-router judges --posterior posterior.nc",),
    "predict": (
        "trust-router predict --posterior posterior.nc --beliefs open_beliefs.csv "
        "--categories open_tickets.csv --costs costs.toml --out decided.csv",
    ),
    "savings": (
        "trust-router savings --posterior posterior.nc --costs costs.toml --tickets 10000",
    ),
    "route": ("trust-router route refund --posterior posterior.nc --costs costs.toml",),
    "export": (
        "trust-router export --posterior posterior.nc --costs costs.toml --out decisions.json",
    ),
    "report": (
        "trust-router report --posterior posterior.nc --costs costs.toml --out report.html",
    ),
    "verify": (
        "trust-router verify report.html",
        "trust-router verify report.html --outcomes kept/outcomes.csv",
    ),
    "categorize": (
        "trust-router categorize tickets.csv --save kinds --out found.csv",
        "trust-router categorize open_tickets.csv --using kinds --out found_open.csv",
    ),
    "logs": (
        "trust-router logs langfuse scores.parquet --panel panel.toml --outcome thumbs "
        "--resolved 1 --beliefs beliefs.csv --outcomes outcomes.csv",
    ),
    "ask": (
        "trust-router ask open_tickets.csv --panel panel.toml --categories found_open.csv "
        "--dry-run",
    ),
    "backtest": (
        "trust-router backtest --panel panel.toml --outcomes tickets.csv --beliefs beliefs.csv "
        "--feedbacks 25,100,400",
    ),
}


def epilog(command: str) -> str:
    """Give the examples of a command, each a paragraph; they are broken as a shell reads them."""
    examples = EXAMPLES[command]
    title = "Example:" if len(examples) == 1 else "Examples:"
    return "\n\n".join([title, *("\b\n" + _broken(example) for example in examples)])


def _broken(example: str, width: int = 76) -> str:
    """Break a long command before an option, with the sign that continues it."""
    lines = [""]
    for part in example.replace(" --", "\n--").split("\n"):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines[-1] += " \\"
            lines.append(f"    {part}")
        else:
            lines[-1] = f"{lines[-1]} {part}".strip() if len(lines) == 1 else f"{lines[-1]} {part}"
    return "\n".join(f"  {line}" for line in lines)
