from . import plots as plots, reports as reports
