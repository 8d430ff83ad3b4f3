"""The report in French: ``typography`` (numbers, dates), ``page`` (its texts), ``analyses`` (titles and findings)."""
