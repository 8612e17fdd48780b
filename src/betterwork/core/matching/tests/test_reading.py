"""Names and addresses of five scripts, read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from betterwork.core.matching.reading import address_read, initials, name_read, romanised, sound

pytestmark = pytest.mark.capability("A5")

VIETNAMESE = [
    "Công ty TNHH May Hoà Bình",
    "CTY TNHH MAY HOA BINH",
    "Hoa Binh Garment Co., Ltd",
    "Hoà Bình Garment Company Limited",
    "Công ty Cổ phần May Mặc Hòa Bình",
]
KHMER = [
    "រោងចក្រកាត់ដេរ ផ្កាឈូក",
    "ក្រុមហ៊ុន ផ្កាឈូក លីមីតធីត",
    "Phka Chhouk Garment Factory",
    "Pka Chhuk Garment (Cambodia) Co., Ltd",
]
BANGLA = ["সোনালী গার্মেন্টস লিমিটেড", "সোনালী পোশাক কারখানা লিঃ", "Sonali Garments Ltd.", "Shonali Apparels Limited"]
ARABIC = [
    "شركة النخيل للألبسة",
    "مصنع النخيل للملابس",
    "Al Nakheel Apparel LLC",
    "An-Nakhil Clothing Manufacturing",
    "شَرِكَة النَّخِيل للألبسة",
]


@pytest.mark.parametrize("spellings", [VIETNAMESE, KHMER, BANGLA, ARABIC], ids=["vi", "km", "bn", "ar"])
def test_the_spellings_of_one_name_sound_alike_and_lose_the_words_of_the_law(spellings: list[str]) -> None:
    heard = {sound(name_read(one).core).replace(" ", "") for one in spellings}
    assert len(heard) == 1, {one: name_read(one) for one in spellings}


def test_diacritics_of_vietnamese_do_not_tell_names_apart() -> None:
    assert {name_read(one).core for one in VIETNAMESE} == {"hoa binh"}


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Sao Mai Unit 2",
            "Sao Mai II",
            "Sao Mai - Unit-02",
            "Sao Mai Factory No. 2",
            "Nhà máy 2 Sao Mai",
            "Sao Mai 2",
        ),
        *("ក្រុមហ៊ុន ផ្កាឈូក រោងចក្រទី២", "সোনালী গার্মেন্টস ইউনিট-২", "شركة النخيل للألبسة مصنع رقم ٢", "فرع ٢ النخيل"),
    ],
)
def test_a_units_number_is_read_in_every_script(name: str) -> None:
    assert name_read(name).unit == "2"


@pytest.mark.parametrize("name", ["Sao Mai", "7 Rivers Garment", "Road 66 Fashion Ltd", "Studio 1990"])
def test_a_number_that_belongs_to_the_name_is_no_unit(name: str) -> None:
    assert name_read(name).unit == ""


def test_a_slip_in_a_common_word_does_not_make_it_a_part_of_the_name() -> None:
    assert name_read("Sao Mai Garmnets Co., Ltd").core == name_read("Sao Mai Garment Limted").core == "sao mai"


def test_a_name_of_common_words_alone_is_still_a_name() -> None:
    assert name_read("Garment Factory Co., Ltd").core
    assert name_read("Sao Mai (Obsolete)").core == "sao mai"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Số 12 Đường Lê Lai, Bình Dương", "12 Le Lai Street, Binh Duong"),
        ("Lô A-5, KCN Gò Mây, Bình Dương", "Lot A5 Go May Industrial Park, Binh Duong"),
        ("ផ្ទះលេខ ១២ ផ្លូវ ២៧១, ខណ្ឌ មានជ័យ", "No. 12 Street 271, Khan Mean Chey"),
        ("প্লট ১২, শাপলা সড়ক, গাজীপুর", "Plot 12, Shapla Road, Gazipur"),
        ("١٢ شارع الياسمين، إربد", "12 Yasmin St, Irbid"),
    ],
)
def test_an_address_is_the_same_in_both_scripts(one: str, other: str) -> None:
    read, again = address_read(one), address_read(other)
    assert read.numbers == again.numbers != ()
    assert sound(read.street).replace(" ", "") == sound(again.street).replace(" ", "") != ""


@given(st.text(max_size=60))
@example("¦")  # a broken bar, which comes out as the bar between the values of a column
def test_any_text_is_read_without_a_fault_and_comes_out_in_latin_letters(text: str) -> None:
    assert romanised(text).isascii()
    read, place = name_read(text), address_read(text)
    assert bool(read.core) == bool(text.strip()) or not romanised(text).strip() or "obsolete" in text.lower()
    assert "|" not in read.core or "|" in romanised(text)
    assert all(";" not in one for one in (*place.numbers, place.street, place.place))
    assert isinstance(sound(read.core), str) and isinstance(initials(read.core), str)
