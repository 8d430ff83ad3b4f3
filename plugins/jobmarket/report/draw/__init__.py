"""Tables drawn.

::

    figures.py    bars and lines as PNG, wide and narrow; themes.py: colours, light and dark
    map.py        the départements as SVG; map_figure.py: as PNG; choropleth.py: a table on the map
"""
