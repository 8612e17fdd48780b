# ruff: noqa: E501 - tables of words in wide scripts
"""Words of names and addresses that say what a thing is, not which one, in the languages of the programme.

Each is replaced by a mark common to all languages. Latin words are given without diacritics, as they stand after
romanisation; words of other scripts as they are written, because Khmer sets no spaces between words.
"""

from __future__ import annotations

import re

LEGAL, UNIT, WORKS, STREET, LOT, PARK, PLACE, KIND = "~l", "~u", "~w", "~s", "~o", "~p", "~q", "~k"
"""Marks: legal form, "unit", "factory", street, lot or house, industrial park, kind of place, kind of industry."""

_KINDS: dict[str, tuple[str, ...]] = {
    "garment": (
        *("garment", "garments", "apparel", "apparels", "clothing", "fashion", "fashions", "may mac", "may"),
        *("garmen", "busana", "gmt", "gmts", "poshak", "posak", "confecciones", "konfeksi", "vetements"),
        *("កាត់ដេរ", "សម្លៀកបំពាក់", "গার্মেন্টস", "গার্মেন্ট", "পোশাক", "اللألبسة", "للألبسة", "الألبسة", "للملابس", "الملابس"),
        *("albisa", "al albisa", "malabis", "lil albisa", "kat der", "katder", "samliak bampeak"),
    ),
    "textile": (
        *("textile", "textiles", "det", "tekstil", "textil", "textiles mills", "spinning", "weaving", "soi"),
        *("টেক্সটাইল", "টেক্সটাইলস", "বস্ত্র", "للنسيج", "النسيج", "nasij", "lil nasij", "វាយនភណ្ឌ", "vayonphoan"),
    ),
    "knit": ("knit", "knits", "knitwear", "knitting", "det kim", "rajut", "নিটওয়্যার", "নিট", "knitwears", "للتريكو", "triko"),
    "footwear": ("footwear", "shoes", "shoe", "giay", "giay da", "sepatu", "ស្បែកជើង", "sbek cheung", "পাদুকা", "للأحذية", "ahdhiya"),
    "washing": ("washing", "laundry", "wash", "giat", "giat ui", "ওয়াশিং", "لغسيل", "للغسيل", "ghasil", "បោកគក់", "boak kok"),
    "embroidery": ("embroidery", "theu", "bordir", "এমব্রয়ডারি", "للتطريز", "tatriz"),
    "bag": ("bag", "bags", "tui xach", "tas"),
}  # fmt: skip
_MARKS: dict[str, tuple[str, ...]] = {
    LEGAL: (
        *("cong ty trach nhiem huu han mot thanh vien", "cong ty tnhh mot thanh vien", "cong ty tnhh mtv", "cty tnhh mtv"),
        *("cong ty trach nhiem huu han", "cong ty co phan", "cong ty tnhh", "cty tnhh", "cty cp", "cty", "cong ty", "ctcp"),
        *("tnhh", "mtv", "co ltd", "company limited", "private limited", "pvt ltd", "pte ltd", "limited", "ltd", "co"),
        *("company", "corporation", "corp", "inc", "llc", "plc", "jsc", "joint stock company", "sarl", "sa de cv", "sa"),
        *("pt", "tbk", "cv", "pty", "sdn bhd", "srl", "gmbh", "lih", "llp", "l l c", "p t", "c v", "kft", "w l l", "wll", "p s c", "psc", "est"),
        *("kromhon", "kroum hun", "krom hun", "sharikat", "sharika", "shirkat", "sharikah", "thm m", "dhmm", "dh m m"),
        *("ក្រុមហ៊ុន", "ឯ.ក", "ខូអិលធីឌី", "លីមីតធីត", "កូ.,អិលធីឌី"),
        *("লিমিটেড", "লিঃ", "লি.", "প্রাইভেট", "কোম্পানি", "কোং", "شركة", "ذ.م.م", "المحدودة", "م.م", "al mahduda", "mahduda"),
    ),
    UNIT: (
        *("unit", "iunit", "branch", "plant", "phase", "division", "chi nhanh", "co so", "xuong so", "xuong", "phan xuong"),
        *("cabang", "planta", "nave", "usine", "unite", "unidad", "sakha", "wahda", "far", "saka"),
        *("ইউনিট", "শাখা", "وحدة", "الوحدة", "فرع", "الفرع", "សាខា", "ឯកតា"),
    ),
    WORKS: (
        *("factory", "factories", "nha may", "xi nghiep", "pabrik", "mill", "mills", "manufacturing", "mfg", "fty"),
        *("industries", "industry", "industrial co", "enterprise", "enterprises", "karkhana", "rong chak", "raong chak"),
        *("rongchak", "masna", "international", "intl", "int l", "group", "exports", "export", "san xuat", "xuat khau"),
        *("thuong mai", "dich vu", "trading", "quoc te", "គ្រុប", "រោងចក្រ", "কারখানা", "ইন্ডাস্ট্রিজ", "مصنع", "مصانع"),
        *("للصناعة", "لصناعة", "الصناعية", "vietnam", "viet nam", "cambodia", "kampuchea", "bangladesh", "jordan", "indonesia"),
        *("lesotho", "nicaragua", "haiti"),
    ),
    STREET: (
        *("street", "str", "st", "road", "rd", "avenue", "ave", "av", "quoc lo", "highway", "hwy"),
        *("national road", "nr", "ql", "jalan", "jln", "jl", "calle", "rue", "route", "boulevard", "blvd", "sorok", "sarani"),
        *("sarak", "phlouv", "phlov", "pleuv", "plov", "shari", "shara", "tariq", "ផ្លូវជាតិ", "ផ្លូវ", "সড়ক", "রোড", "সরণি", "شارع", "طريق"),
    ),
    LOT: (
        *("lot", "lo", "plot", "no", "number", "so", "num", "house", "holding", "hold", "block", "kav", "kavling", "raqm", "bldg", "building", "gedung"),
        *("ផ្ទះលេខ", "លេខ", "বাড়ি", "প্লট", "হোল্ডিং", "নং", "قطعة", "رقم", "مبنى", "ផ្ទះ", "phteah", "bari", "qita", "lek"),
    ),
    PARK: (
        *("khu cong nghiep", "kcn", "industrial park", "industrial zone", "industrial area", "industrial estate", "ip", "iz"),
        *("export processing zone", "epz", "special economic zone", "sez", "kawasan industri", "kawasan", "zona franca"),
        *("parc industriel", "qiz", "shilpa elaka", "silpo elaka", "tambon setthakech", "madina sinaiya", "al madina al sinaiya"),
        *("តំបន់សេដ្ឋកិច្ចពិសេស", "শিল্প এলাকা", "ইপিজেড", "المدينة الصناعية", "مدينة صناعية", "khu che xuat", "kcx"),
    ),
    PLACE: (
        *("thanh pho", "tp", "tinh", "quan", "huyen", "phuong", "xa", "thi xa", "thi tran", "p", "q", "h", "t", "tx"),
        *("city", "province", "district", "dist", "commune", "ward", "village", "sangkat", "khan", "khum", "phum", "srok"),
        *("khet", "khaet", "thana", "upazila", "zila", "jela", "kab", "kabupaten", "kota", "kec", "provinsi", "governorate"),
        *("muhafaza", "departamento", "depto", "municipio", "krong", "ខេត្ត", "ស្រុក", "ឃុំ", "ភូមិ", "ខណ្ឌ", "សង្កាត់", "ក្រុង", "រាជធានី"),
        *("থানা", "উপজেলা", "জেলা", "محافظة", "مدينة", "منطقة", "lewa", "لواء"),
    ),
}  # fmt: skip


def _pattern(words: dict[str, str], *, spaced: bool) -> re.Pattern[str]:
    longest = sorted(words, key=lambda word: (-len(word), word))
    inside = "|".join(re.escape(word) for word in longest)
    # A Latin word stands alone; a word of another script may be grown together with its neighbours.
    return re.compile(rf"(?<![^\s])(?:{inside})(?![^\s])" if spaced else rf"(?:{inside})")


def _split(words: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    latin = {word: mark for word, mark in words.items() if word.isascii()}
    return latin, {word: mark for word, mark in words.items() if not word.isascii()}


_OF_KINDS = {word: f"{KIND}{kind}" for kind, words in _KINDS.items() for word in words}
_OF_NAMES = {word: mark for mark in (LEGAL, UNIT, WORKS) for word in _MARKS[mark]} | _OF_KINDS
_OF_PLACES = {word: mark for mark in (STREET, LOT, PARK, PLACE) for word in _MARKS[mark]}
LATIN_OF_NAMES, OTHER_OF_NAMES = _split(
    _OF_NAMES | dict.fromkeys(("no", "number", "so", "raqm", "رقم", "নং", "ទី"), LOT)
)
LATIN_OF_PLACES, OTHER_OF_PLACES = _split(_OF_PLACES)
NAMES_LATIN, NAMES_OTHER = _pattern(LATIN_OF_NAMES, spaced=True), _pattern(OTHER_OF_NAMES, spaced=False)
PLACES_LATIN, PLACES_OTHER = _pattern(LATIN_OF_PLACES, spaced=True), _pattern(OTHER_OF_PLACES, spaced=False)
LONG_WORDS = {word: mark for word, mark in LATIN_OF_NAMES.items() if len(word) > 5 and " " not in word}
"""Words long enough to be known also where they are mistyped."""
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "one": "1", "two": "2", "three": "3"}
ARTICLES = frozenset({"al", "el", "the", "of", "and", "de", "la", "for", "et", "y", "lil"})
