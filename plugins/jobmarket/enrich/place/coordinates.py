"""Whether a point lies in France, or only would with its coordinates the other way round. Pure."""

from __future__ import annotations

# (south, north, west, east) in degrees, wide enough for the offers of neighbours
_FRANCE = (
    (41.0, 51.6, -5.5, 10.0),  # metropolitan France, Belgium, Luxembourg, Switzerland
    (14.0, 18.3, -63.5, -60.5),  # Guadeloupe, Martinique, Saint-Martin, Saint-Barthélemy
    (2.0, 6.0, -55.0, -51.4),  # Guyane
    (-21.6, -20.7, 55.0, 56.0),  # La Réunion
    (-13.2, -12.4, 44.9, 45.4),  # Mayotte
    (46.6, 47.3, -56.6, -56.0),  # Saint-Pierre-et-Miquelon
    (-23.0, -19.0, 163.0, 169.0),  # Nouvelle-Calédonie
    (-28.0, -7.0, -155.0, -134.0),  # Polynésie française
    (-14.5, -13.0, -178.5, -176.0),  # Wallis-et-Futuna
)


def coordinates_are_swapped(latitude: float, longitude: float) -> bool:
    """Return whether a place lies in France only if its coordinates change places."""
    south, north, west, east = _FRANCE[0]
    if south <= latitude <= north and west <= longitude <= east:
        return False  # as almost all are
    return not _in_france(latitude, longitude) and _in_france(longitude, latitude)


def _in_france(latitude: float, longitude: float) -> bool:
    return any(
        south <= latitude <= north and west <= longitude <= east
        for south, north, west, east in _FRANCE
    )
