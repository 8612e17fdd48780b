# ruff: noqa: E501 - tables of words in wide scripts
"""Ordinary words of five scripts from which names of SIMULATED factories are put together. No name of a real one.

Each word: as written in the country's script, and as people romanise it, the usual way first.
"""

from __future__ import annotations

from dataclasses import dataclass

Word = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one country. In forms of names ``{}`` stands for the factory's own words, ``#`` for the unit."""

    country: str
    words: tuple[Word, ...]
    forms: tuple[str, ...]
    """Names in the country's script, with the words of the law and of the trade."""
    latin_forms: tuple[str, ...]
    units: tuple[str, ...]
    latin_units: tuple[str, ...]
    streets: tuple[Word, ...]
    places: tuple[Word, ...]
    address: str
    """An address in the country's script: {number}, {street}, {place}."""
    latin_addresses: tuple[str, ...]
    digits: str = "0123456789"


def _words(*texts: str) -> tuple[Word, ...]:
    return tuple(tuple(text.split("=")) for text in texts)


VIETNAM = Tongue(
    "VN",
    _words(
        *("Hoà Bình=Hoa Binh", "Sao Mai=Sao Mai", "Đông Phương=Dong Phuong", "Thành Đạt=Thanh Dat", "Phú Quý=Phu Quy"),
        *("Minh Châu=Minh Chau", "Trường Sơn=Truong Son", "Hồng Hà=Hong Ha", "Bạch Đằng=Bach Dang", "Tân Tiến=Tan Tien"),
        *("Việt Hưng=Viet Hung", "An Lạc=An Lac", "Kim Ngân=Kim Ngan", "Hải Âu=Hai Au", "Đại Thắng=Dai Thang"),
        *("Thiên Long=Thien Long", "Ngọc Lan=Ngoc Lan", "Hoàng Gia=Hoang Gia", "Đức Tín=Duc Tin", "Quang Vinh=Quang Vinh"),
        *("Lộc Phát=Loc Phat", "Thuận Phong=Thuan Phong", "Bảo Khang=Bao Khang", "Mỹ Đức=My Duc", "Nhật Tân=Nhat Tan"),
        *("Sông Xanh=Song Xanh", "Cánh Buồm=Canh Buom", "Mây Trắng=May Trang", "Lúa Vàng=Lua Vang", "Ánh Dương=Anh Duong"),
    ),
    ("Công ty TNHH May {}", "Công ty Cổ phần May Mặc {}", "Cty TNHH {}", "Công ty TNHH MTV Dệt May {}"),
    ("Cong ty TNHH May {}", "{} Garment Co., Ltd", "{} Garment Company Limited", "Cty CP May Mac {}", "{} Apparel JSC"),
    ("Nhà máy #", "Chi nhánh #", "Xưởng #"),
    ("Unit #", "Factory #", "Branch #", "- Unit %"),
    _words("Lê Lai=Le Lai", "Hoa Sứ=Hoa Su", "Cây Gáo=Cay Gao", "Bến Đò=Ben Do", "Suối Cạn=Suoi Can", "Đồi Chè=Doi Che",
           "Gò Mây=Go May", "Rừng Thông=Rung Thong"),
    _words("Bình Dương=Binh Duong", "Đồng Nai=Dong Nai", "Hải Dương=Hai Duong", "Nam Định=Nam Dinh", "Long An=Long An",
           "Thái Bình=Thai Binh", "Bắc Giang=Bac Giang"),
    "Số {number} Đường {street}, {place}",
    ("{number} {street} Street, {place}", "No. {number}, Duong {street}, {place} Province", "{number} {street} St., {place}"),
)  # fmt: skip
CAMBODIA = Tongue(
    "KH",
    _words(
        *("ផ្កាឈូក=Phka Chhouk=Pka Chhuk", "មេឃខៀវ=Mek Khiev=Mekh Khieu", "ភ្នំមាស=Phnom Meas=Phnum Meas", "ទន្លេធំ=Tonle Thom=Tunle Thum"),
        *("ព្រះអាទិត្យ=Preah Atit=Preah Athit", "ដំរីស=Damrei Sa=Domrey Sar", "សួនច្បារ=Suon Chbar=Suan Chba", "ស្រែបៃតង=Srae Baitang=Sre Baitong"),
        *("ត្រីមាស=Trei Meas=Trey Meas", "ផ្កាម្លិះ=Phka Mlih=Pka Mlis", "កោះថ្មី=Kaoh Thmei=Koh Thmey", "ខ្យល់ល្អ=Khyol La=Khyal Lor"),
        *("ស្ពានថ្ម=Spean Thma=Spean Thmor", "ទឹកថ្លា=Tuek Thla=Teuk Thla", "ដើមត្នោត=Daem Tnaot=Derm Thnot", "បឹងធំ=Boeng Thum=Beung Thom"),
        *("ពន្លឺថ្មី=Ponlueu Thmei=Ponleu Thmey", "ជ័យលាភ=Chey Leap=Chay Leap", "មករា=Makara=Meakara", "សុខសាន្ត=Sok San=Sok Sann"),
    ),
    ("ក្រុមហ៊ុន {}", "រោងចក្រកាត់ដេរ {}", "ក្រុមហ៊ុន កាត់ដេរ {} លីមីតធីត"),
    ("{} Garment Factory", "{} Garment (Cambodia) Co., Ltd", "{} Apparel Co.,Ltd.", "{} Garment Co., Ltd"),
    ("រោងចក្រទី#", "សាខា #"),
    ("Factory #", "Branch #", "Unit #", "%"),
    _words("ជុំពូវន្ត=Chom Puon", "ស្វាយធំ=Svay Thom", "កំពង់ផែ=Kampong Phae", "វាលស្រី=Veal Srei", "ព្រែកតូច=Prek Tauch"),
    _words("កណ្តាល=Kandal", "កំពង់ស្ពឺ=Kampong Speu", "តាកែវ=Takeo", "ភ្នំពេញ=Phnom Penh", "ស្វាយរៀង=Svay Rieng"),
    "ផ្ទះលេខ {number} ផ្លូវ {street}, ខេត្ត {place}",
    ("No. {number}, {street} Road, {place}", "{number} {street} Street, {place} Province", "#{number} Phlov {street}, {place}"),
    "០១២៣៤៥៦៧៨៩",
)  # fmt: skip
BANGLADESH = Tongue(
    "BD",
    _words(
        *("সোনালী=Sonali=Shonali", "শাপলা=Shapla=Sapla", "পদ্মফুল=Padmaphul=Poddoful", "মেঘমালা=Meghmala=Meghomala", "রূপসী=Rupashi=Rupsi"),
        *("নীলাকাশ=Nilakash=Neelakash", "সবুজবন=Sabujban=Shobujbon", "দোয়েল=Doyel=Doel", "আলোকিত=Alokito=Alokita", "কাশফুল=Kashphul=Kashful"),
        *("নবদিগন্ত=Nabadiganta=Nobodigonto", "স্বপ্নীল=Swapnil=Shopnil", "মাধবী=Madhabi=Madhobi", "জোনাকি=Jonaki=Zonaki", "বনলতা=Banalata=Bonolota"),
        *("সূর্যমুখী=Suryamukhi=Shurjomukhi", "চন্দ্রিমা=Chandrima=Chondrima", "অগ্রণী=Agrani=Ogroni", "প্রভাতী=Prabhati=Provati", "কর্ণিকা=Karnika=Kornika"),
        *("দিগন্ত=Diganta=Digonto", "ঝর্ণা=Jharna=Jhorna", "তিতাসী=Titashi=Titasi", "মুক্তধারা=Muktadhara=Muktodhara", "পলাশ=Palash=Polash"),
    ),
    ("{} গার্মেন্টস লিমিটেড", "{} পোশাক কারখানা লিঃ", "{} টেক্সটাইল লিমিটেড"),
    ("{} Garments Ltd.", "{} Apparels Limited", "{} Garments Limited", "{} Fashions Ltd"),
    ("ইউনিট #", "ইউনিট-#"),
    ("Unit-#", "Unit #", "(Unit-#)", "Unit %"),
    _words("তালতলা=Taltola", "বটতলী=Bottoli", "নদীপাড়=Nadipar", "আমবাগান=Ambagan", "পুকুরপাড়=Pukurpar", "কলাবন=Kolabon"),
    _words("গাজীপুর=Gazipur", "সাভার=Savar", "নরসিংদী=Narsingdi", "চট্টগ্রাম=Chattogram", "ময়মনসিংহ=Mymensingh"),
    "প্লট {number}, {street} সড়ক, {place}",
    ("Plot {number}, {street} Road, {place}", "{number} {street} Rd, {place}", "Holding No. {number}, {street} Sarak, {place}"),
    "০১২৩৪৫৬৭৮৯",
)  # fmt: skip
JORDAN = Tongue(
    "JO",
    _words(
        *("النخيل=Al Nakheel=An-Nakhil", "الياسمين=Al Yasmin=Al-Yasmeen", "الزيتون=Al Zaytoun=Az-Zaytun", "الفجر=Al Fajr=Alfajr", "النسيم=Al Naseem=An-Nasim"),
        *("الربيع=Al Rabee=Ar-Rabi", "البادية=Al Badia=Al-Badiya", "السنابل=Al Sanabel=As-Sanabil", "الهلال=Al Hilal=Al-Helal", "الواحة=Al Waha=Al-Wahah"),
        *("الصقر=Al Saqr=As-Saqer", "الغزال=Al Ghazal=Al-Gazal", "الريحان=Al Rayhan=Ar-Raihan", "القمر=Al Qamar=Al-Kamar", "النجمة=Al Najma=An-Najmah"),
        *("الوردة=Al Warda=Al-Wardah", "الشروق=Al Shorouq=Ash-Shuruq", "الندى=Al Nada=An-Nada", "السلام=Al Salam=As-Salaam", "الكوثر=Al Kawthar=Al-Kauthar"),
    ),
    ("شركة {} للألبسة", "مصنع {} للملابس", "شركة {} لصناعة الألبسة ذ.م.م"),
    ("{} Apparel LLC", "{} Garments Co.", "{} Clothing Manufacturing", "{} for Garments Ltd"),
    ("مصنع رقم #", "فرع #"),
    ("Factory #", "Branch #", "Unit #", "%"),
    _words("التلال=Al Tilal", "الينابيع=Al Yanabee", "السوسنة=Al Sawsana", "البيادر=Al Bayader", "المروج=Al Murooj"),
    _words("إربد=Irbid", "الضليل=Al Dhulayl=Dulail", "سحاب=Sahab", "الكرك=Karak", "المفرق=Mafraq"),
    "{number} شارع {street}، {place}",
    ("{number} {street} Street, {place}", "{street} St. No. {number}, {place}", "Bldg {number}, {street} Street, {place}"),
    "٠١٢٣٤٥٦٧٨٩",
)  # fmt: skip
INDONESIA = Tongue(
    "ID",
    _words(
        *("Sumber Rejeki", "Bintang Timur", "Mekar Sari", "Cahaya Abadi", "Tunas Harapan", "Sinar Pagi", "Karya Mandiri", "Bunga Melati"),
        *("Rimba Hijau", "Langit Biru", "Maju Bersama", "Surya Kencana", "Intan Permata", "Citra Busana", "Gunung Mas", "Pelangi Nusa"),
        *("Putra Samudra", "Dewi Padi", "Angin Timur", "Anugerah Jaya", "Sumber Makmur", "Bintang Barat", "Cahaya Timur", "Karya Bersama"),
    ),
    ("PT {} Garmen", "PT. {} Garment Indonesia", "PT {}"),
    ("{} PT", "PT {} Apparel", "P.T. {} Garments", "{} Garment Indonesia, PT"),
    ("Unit #", "Pabrik #"),
    ("Plant #", "Unit %", "Factory #"),
    _words("Kenanga", "Cempaka Raya", "Pahlawan Lama", "Rawa Indah", "Kebun Jati", "Sawah Besar Baru"),
    _words("Semarang", "Sukabumi", "Boyolali", "Bogor", "Subang", "Purwakarta"),
    "Jl. {street} No. {number}, {place}",
    ("Jalan {street} {number}, Kab. {place}", "{number} {street} Street, {place}", "Jln {street} no {number}, {place}"),
)  # fmt: skip
TONGUES = (VIETNAM, CAMBODIA, BANGLADESH, JORDAN, INDONESIA)
ENGLISH = (
    *(
        "Golden",
        "Silver",
        "Blue",
        "Bright",
        "Eastern",
        "Northern",
        "Royal",
        "Grand",
        "New",
        "Pacific",
        "Jade",
        "Crystal",
    ),
    *("Lucky", "Green", "Noble", "Gentle"),
)
ENGLISH_THINGS = (
    *(
        "Needle",
        "River",
        "Harvest",
        "Thread",
        "Lantern",
        "Harbour",
        "Orchid",
        "Meadow",
        "Crane",
        "Summit",
        "Pearl",
        "Loom",
    ),
    *("Maple", "Horizon", "Sparrow", "Bridge"),
)
