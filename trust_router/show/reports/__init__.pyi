from .report import write_report as write_report
from .backtest import backtest_section as backtest_section, write_backtest as write_backtest
from .verifying import Verification as Verification, verify as verify
