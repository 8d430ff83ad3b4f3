"""The sources of offers: a folder each."""
