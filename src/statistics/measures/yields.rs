//! What outcomes brought in, one measure for each kind and unit of measure.

use super::{
    Form,
    definition::{Definition, Reads, Term},
};

macro_rules! yields {
    ($($name:ident: $code:literal, [$vi:literal, $en:literal] = $kind:literal in $unit:literal;)+) => {$(
        pub const $name: Definition = Definition {
            code: $code,
            label: [$vi, $en],
            form: Form::Milli($unit),
            reads: Reads::Sum(&[Term::brought_in($kind, $unit)]),
            has_detail: true,
            rule: 1,
            rule_text: [
                "Cộng theo ngày quyết định của kết quả, theo tin đầu tiên của vụ việc; không tính hai lần.",
                "Added up by the day of the outcome's decision, for the first tip of its case; never twice.",
            ],
        };
    )+};
}

yields! {
    CASES: "cases", ["Số vụ", "Cases"] = "cases" in "case";
    PERSONS: "persons", ["Số đối tượng", "Persons"] = "persons" in "person";
    DRUGS_GRAMS: "drugs_grams", ["Ma túy (gam)", "Drugs (grams)"] = "drugs" in "g";
    DRUGS_PILLS: "drugs_pills", ["Ma túy (viên)", "Drugs (pills)"] = "drugs" in "pill";
    GUNS_MILITARY: "guns_military", ["Súng quân dụng", "Military guns"] = "guns_military" in "gun";
    GUNS_HOME_MADE: "guns_home_made", ["Súng tự chế", "Home-made guns"] = "guns_home_made" in "gun";
    ROUNDS: "rounds", ["Đạn (viên)", "Rounds of ammunition"] = "rounds" in "round";
    EXPLOSIVES: "explosives", ["Vật liệu nổ (kg)", "Explosives (kg)"] = "explosives" in "kg";
    FIREWORKS: "fireworks", ["Pháo (kg)", "Fireworks (kg)"] = "fireworks" in "kg";
    PROPERTY: "property", ["Tài sản (đồng)", "Property (VND)"] = "property" in "VND";
    CASH: "cash", ["Tiền mặt (đồng)", "Cash (VND)"] = "cash" in "VND";
    VEHICLES: "vehicles", ["Phương tiện", "Vehicles"] = "vehicles" in "vehicle";
    TIMBER: "timber", ["Gỗ (m³)", "Timber (m³)"] = "timber" in "m3";
    FINES: "fines", ["Tiền phạt (đồng)", "Fines (VND)"] = "fines" in "VND";
    VICTIMS_RESCUED: "victims_rescued", ["Nạn nhân được giải cứu", "Victims rescued"] = "victims_rescued" in "person";
    SURRENDERS: "surrenders", ["Đầu thú, tự thú", "Surrenders"] = "surrenders" in "person";
}
