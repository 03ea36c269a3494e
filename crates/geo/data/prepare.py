"""Makes divisions.tsv.gz and cities.tsv.gz from the public sources named in ATTRIBUTION.md.

    pip install pypinyin opencc-python-reimplemented
    python3 prepare.py DIRECTORY_WITH_SOURCES

Division positions stay in BD-09 where they come from it (column `datum` = b): the crate converts them.
"""
import csv, gzip, json, math, re, sys, unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from opencc import OpenCC
from pypinyin import lazy_pinyin

src = sys.argv[1]
ETHNIC = ("蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族 傈僳族 "
          "佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 "
          "阿昌族 普米族 塔吉克族 怒族 鄂温克族 德昂族 保安族 裕固族 独龙族 门巴族 珞巴族 基诺族 各族 "
          "维吾尔 蒙古 哈萨克 柯尔克孜 锡伯 塔吉克").split()
PROVINCE_EN = {"内蒙古自治区": "Inner Mongolia", "广西壮族自治区": "Guangxi", "西藏自治区": "Tibet",
               "宁夏回族自治区": "Ningxia", "新疆维吾尔自治区": "Xinjiang", "陕西省": "Shaanxi",
               "香港特别行政区": "Hong Kong", "澳门特别行政区": "Macau", "台湾省": "Taiwan"}
ADMIN1 = dict(zip("01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 18 19 20 21 22 23 24 25 26 28 29 30 31 32 33".split(),
                  "34 33 36 32 22 63 35 23 41 13 43 42 65 54 62 45 52 21 15 64 11 31 14 37 61 12 53 44 46 51 50".split()))
_ts = OpenCC("t2s").convert
JAPANESE = str.maketrans("仏恵掲塩徳鶏竜渓沢広斉浜黒営鉄栄楽関県呉冨湾駅竪気辺", "佛惠揭盐德鸡龙溪泽广齐滨黑营铁荣乐关县吴富湾驿竖气边")
CITY_EN = {"1501": "Hohhot", "2204": "Liaoyuan", "4309": "Yiyang", "4604": "Danzhou", "5404": "Nyingchi", "6302": "Haidong",
           "6532": "Hotan", "6543": "Altay", "6229": "Linxia", "5326": "Wenshan", "1525": "Xilingol", "1529": "Alxa",
           "5133": "Garze", "6527": "Bortala", "6528": "Bayingolin", "6530": "Kizilsu", "6540": "Ili", "5425": "Ngari",
           "5334": "Deqen", "6326": "Golog", "6529": "Aksu", "1522": "Hinggan", "4603": "Sansha", "5406": "Nagqu"}
# The source has these in other provinces.
PLACED = {"4603": (16.834, 112.338), "622926": (35.664, 103.394)}
# GeoNames rows of the seats of divisions that the other source misplaces.
SEATS = {"429006": "1805618", "429021": "1794067"}
RENAMED = {"襄都区": "桥东区", "信都区": "桥西区", "任泽区": "任县", "湾沚区": "芜湖县"}
# Readings that hold in place names where the dictionary prefers another.
READ = {"长": "chang", "朝": "chao", "都": "du", "伽": "jia", "任": "ren", "会": "hui", "乐": "le", "六": "liu", "大": "da",
        "曲": "qu", "行": "xing", "单": "dan", "台": "tai", "和": "he", "石": "shi", "地": "di", "区": "qu", "车": "che",
        "漯": "luo", "勒": "le", "色": "se", "查": "cha", "盛": "sheng", "莘": "shen", "泌": "bi", "浚": "xun", "宿": "su", "尉": "wei"}
WORDS = {"长子": "zhang zi", "乐清": "yue qing", "乐亭": "lao ting", "乐陵": "lao ling", "昌乐": "chang le", "六安": "lu an",
         "六合": "lu he", "东阿": "dong e", "大城": "dai cheng", "洪洞": "hong tong", "涡阳": "guo yang", "枞阳": "zong yang",
         "歙县": "she xian", "铅山": "yan shan", "蔚县": "yu xian", "莘县": "shen xian", "莘庄": "xin zhuang", "单县": "shan xian",
         "尉犁": "yu li", "荥经": "ying jing", "犍为": "qian wei", "番禺": "pan yu", "天台": "tian tai", "洛阳": "luo yang",
         "渑池": "mian chi", "中牟": "zhong mu", "牟平": "mu ping", "牟定": "mou ding", "会稽": "kuai ji", "华县": "hua xian",
         "解县": "xie xian", "柏乡": "bai xiang", "和硕": "he shuo", "色达": "se da", "儋州": "dan zhou", "东莞": "dong guan",
         "丽水": "li shui", "厦门": "xia men", "蚌埠": "beng bu", "亳州": "bo zhou", "台州": "tai zhou", "重庆": "chong qing"}


def simplify(zh):
    """Simplified characters, also for the Japanese forms that some GeoNames rows carry."""
    return _ts(zh.translate(JAPANESE))



def short(name):
    for tail in ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区"):
        if name.endswith(tail) and len(name) > len(tail) + 1:
            name = name[: -len(tail)]
            cut = True
            while cut:
                cut = False
                for e in ETHNIC:
                    if name.endswith(e) and len(name) - len(e) >= 2:
                        name, cut = name[: -len(e)], True
            return name
    if name.endswith(("新区", "矿区", "开发区", "管理区")):
        return name
    if name == "神农架林区":
        return "神农架"
    if len(name) > 2 and name[-1] in "省市区县盟":
        return name[:-1]
    return name


def read(zh):
    for word, sounds in WORDS.items():
        if word in zh:
            before, after = zh.split(word, 1)
            return (read(before) if before else []) + sounds.split() + (read(after) if after else [])
    return [READ.get(c, s) for c, s in zip(zh, lazy_pinyin(zh))] if len(lazy_pinyin(zh)) == len(zh) else lazy_pinyin(zh)


def english(zh):
    """Pinyin in one word, an apostrophe where a syllable opens with a vowel."""
    out = ""
    for s in read(zh):
        s = s.replace("lü", "lv").replace("v", "u")
        out += ("'" if out and s[0] in "aeo" else "") + s
    return out.capitalize()


def english_division(zh):
    s = short(zh)
    for tail, en in (("新区", " New Area"), ("矿区", " Mining District")):
        if s.endswith(tail) and len(s) > len(tail):
            return english(s[: -len(tail)]) + en
    return english(s)


def metres(a, b):
    k = math.cos(math.radians((a[0] + b[0]) / 2))
    return 111_195 * math.hypot(a[0] - b[0], (a[1] - b[1]) * k)


def rows(path):
    return list(csv.DictReader(open(f"{src}/{path}", encoding="utf-8")))


provinces = {r["province"]: r["name"] for r in rows("gbt2260/province.csv")}
cities = {r["code"][:4]: r["name"] for r in rows("gbt2260/city.csv")}
areas = {r["code"]: r["name"] for r in rows("gbt2260/area.csv")}

at = {}
for r in json.load(open(f"{src}/china-districts-bd09.json", encoding="utf-8")):
    if not r["lat"] or not r["lng"]:
        continue
    city = "" if r["city"] in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划") else r["city"]
    at[r["province"], city, r["area"]] = (float(r["lat"]), float(r["lng"]))
# One position for several divisions is a failed geocoding there, not a place.
times = Counter(v for k, v in at.items() if k[2])
at = {k: v for k, v in at.items() if not k[2] or times[v] <= 2}
by_area = defaultdict(list)
for (p, c, a), where in at.items():
    by_area[p, a].append(where)

geonames = list(csv.DictReader(open(f"{src}/cities15000.tsv", encoding="utf-8"), delimiter="\t"))
for g in geonames:
    g["at"] = (float(g["lat"]), float(g["lon"]))
in_province = defaultdict(list)
for g in geonames:
    if g["country"] == "CN":
        in_province[ADMIN1.get(g["admin1"])].append(g)

used = set()


def match(code, name, where, limit):
    """The GeoNames row of a division: same province, same Chinese name, near, largest first."""
    best = None
    for g in in_province[code[:2]]:
        if g["geonameid"] in used or not g["name_zh"]:
            continue
        zh = simplify(g["name_zh"])
        if zh != name and short(zh) != short(name):
            continue
        if where and metres(where, g["at"]) > limit:
            continue
        if best is None or int(g["population"]) > int(best["population"]):
            best = g
    return best or match_english(code, name, where, limit / 2)


def letters(en):
    en = re.sub(r"(?i)[ -]+(district|city|county|shi|qu|xian|prefecture)$", "", en)
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", en).lower())


def match_english(code, name, where, limit):
    for g in in_province[code[:2]]:
        near = metres(where, g["at"]) <= limit if where else code[2:4] == "90"
        if near and g["geonameid"] not in used and letters(g["name"]) == letters(english_division(name)):
            return g
    return None


def biggest_near(code, where):
    """The town a prefecture is run from, where it goes by another name."""
    near = [g for g in in_province[code[:2]] if g["geonameid"] not in used and metres(where, g["at"]) < 12_000]
    return max(near, key=lambda g: int(g["population"]), default=None)


out, missing = [], []
def put(code, level, en, zh, where, datum, pop, alias):
    lat, lon = where if where else ("", "")
    lat, lon = (f"{lat:.6f}", f"{lon:.6f}") if where else ("", "")
    out.append([code, level, en, short(zh), zh, lat, lon, datum, pop, alias])


for code, name in provinces.items():
    en = PROVINCE_EN.get(name) or english_division(name)
    if name in ("北京市", "上海市", "天津市", "重庆市"):
        g = match(code, name, None, 0)
        used.add(g["geonameid"])
        put(code + "0000", "city", g["name"], name, g["at"], "w", g["population"], "")
    else:
        put(code + "0000", "province", en, name, None, "w", 0, "")
for code, name in cities.items():
    if code[:2] in ("11", "12", "31", "50") or code[2:] == "90":
        continue
    where = PLACED.get(code) or at.get((provinces[code[:2]], name, ""))
    g = match(code, name, where, 120_000)
    pin = english_division(name)
    if g:
        used.add(g["geonameid"])
        en = CITY_EN.get(code) or g["name"].replace("’", "'").removesuffix(" City")
        where, datum, pop = g["at"], "w", g["population"]
    else:
        en = CITY_EN.get(code) or pin
        seat = biggest_near(code, where)
        datum, pop = ("w" if code in PLACED else "b"), (seat["population"] if seat else 0)
        if seat and letters(seat["name"]) == letters(en):
            used.add(seat["geonameid"])
    put(code + "00", "city", en, name, where, datum, pop, pin if pin != en else "")
for code, name in areas.items():
    p, c = provinces[code[:2]], cities.get(code[:4], "")
    alone = code[2:4] == "90"
    if alone or code[:2] in ("11", "12", "31", "50"):
        c = ""
    old = RENAMED.get(name, name)
    where = next((at[k] for k in [(p, c, old)] + [(p, c, short(old) + t) for t in "市区县"] if k in at), None)
    if not where:
        near = by_area.get((p, name), [])
        where = near[0] if len(near) == 1 and not alone else None
    if alone:
        where = None
    where = PLACED.get(code, where)
    datum = "w" if code in PLACED else "b"
    g = match(code, name, where, 40_000)
    if code in SEATS:
        g, where = next(g for g in geonames if g["geonameid"] == SEATS[code]), None
    if g and not where:
        where, datum = g["at"], "w"
    if not where:
        missing.append((code, name))
        continue
    en, alias = english_division(name), ""
    if g:
        used.add(g["geonameid"])
        alias = g["name"].replace("’", "'") if g["name"] != en else ""
    put(code, "city" if alone else "district", en, name, where, datum, g["population"] if g else 0, alias)

have = {r[0] for r in out}
placed = [(r[0], (float(r[5]), float(r[6]))) for r in out if r[1] != "province"]
towns = []
for g in geonames:
    if g["geonameid"] in used:
        continue
    zh = g["name_zh"]
    parent = ""
    if g["country"] == "CN":
        mine = [d for d in placed if d[0][:2] == ADMIN1.get(g["admin1"])]
        parent = min(mine, key=lambda d: metres(d[1], g["at"]))[0] if mine else ""
    simple = simplify(zh)
    english_name = unicodedata.normalize("NFC", g["name"]).replace("’", "'")
    towns.append([g["geonameid"], english_name, short(simple) if simple else "", zh if zh != simple else "", g["country"],
                  parent, f'{g["at"][0]:.5f}', f'{g["at"][1]:.5f}', g["population"]])


def write(path, table):
    with open(Path(__file__).parent / path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as f:
        for row in table:
            f.write(("\t".join(map(str, row)) + "\n").encode())


write("divisions.tsv.gz", out)
write("cities.tsv.gz", towns)
print(len(out), "divisions,", len(towns), "other places; no position for", missing)
