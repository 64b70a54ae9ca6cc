#include "domain/identity.hpp"

#include "domain/identity_rule.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view id_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:";
constexpr std::string_view batch_characters = id_characters.substr(0, id_characters.size() - 1);
constexpr std::string_view code_characters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view id_shape = "1 to 64 of A-Z a-z 0-9 . _ : -";
constexpr std::string_view batch_shape = "1 to 64 of A-Z a-z 0-9 . _ -";
constexpr std::string_view code_shape = "1 to 32 of a-z 0-9 -";

constexpr IdentityRule iccid_rule{"ICCID", digits_as_written, 18, 20, "18 to 20 digits"};
constexpr IdentityRule imsi_rule{"IMSI", digits_as_written, 6, 15, "6 to 15 digits"};
constexpr IdentityRule msisdn_rule{"MSISDN", digits_as_written, 1, 15, "1 to 15 digits"};
constexpr IdentityRule mdn_rule{"MDN", digits_as_written, 10, 13, "10, 11 or 13 digits"};
constexpr IdentityRule eid_rule{"EID", digits_as_written, 32, 32, "32 digits"};
constexpr IdentityRule imei_rule{"IMEI", digits_as_written, 14, 16, "14 to 16 digits"};

template <class Kind>
constexpr IdentityRule name_rule{};
template <>
constexpr IdentityRule name_rule<DeviceId>{"device ID", id_characters, 1, 64, id_shape};
template <>
constexpr IdentityRule name_rule<EquipmentId>{"equipment ID", id_characters, 1, 64, id_shape};
template <>
constexpr IdentityRule name_rule<BatchId>{"batch ID", batch_characters, 1, 64, batch_shape};
template <>
constexpr IdentityRule name_rule<PartyId>{"party ID", code_characters, 1, 32, code_shape};
template <>
constexpr IdentityRule name_rule<OperatorId>{"operator ID", code_characters, 1, 32, code_shape};

using Checked = Result<Text<64>, IdentityError>;  // the canonical text

bool luhn_holds(std::string_view text) {
    return luhn_digit(text.substr(0, text.size() - 1)) == text.back();
}

char digit_of(unsigned value) {
    return static_cast<char>('0' + value);
}

unsigned modulo_97(std::string_view text) {
    unsigned remainder = 0;
    for (const char digit : text) {
        remainder = (remainder * 10 + static_cast<unsigned>(digit - '0')) % 97;
    }
    return remainder;
}

std::string_view without_pad(std::string_view text) {
    text = trimmed(text);
    for (int pad = 0; pad < 2 && (text.ends_with('F') || text.ends_with('f')); ++pad) {
        text.remove_suffix(1);
    }
    return text;
}

Checked check_iccid(std::string_view given, CheckDigit policy) {
    const auto number = canonical(iccid_rule, without_pad(given));
    if (!number) return number;
    if (!number->view().starts_with("89")) {
        return IdentityError{"wrong-prefix", "The ICCID does not begin with 89.",
                             "See whether it is the right column. One that begins with 98 was read "
                             "off the card, which stores the digits swapped in pairs.",
                             ""};
    }
    if (policy == CheckDigit::warn || luhn_holds(number->view())) return number;
    const char appended = luhn_digit(number->view());
    const char right = luhn_digit(number->view().substr(0, number->view().size() - 1));
    const auto exception = joined({"If the check digit was left off, add ",
                                   {&appended, 1},
                                   ". Where the operator prints a serial number in its place, "
                                   "register its cards with check digits as warnings."});
    return wrong_check_digit(iccid_rule, number->view(), {std::string(1, right), exception});
}

Checked check_imsi(std::string_view given) {
    return canonical(imsi_rule, given);
}

Checked check_msisdn(std::string_view given) {
    auto number = trimmed(given);
    if (number.starts_with('+')) {
        number.remove_prefix(1);
    } else if (number.starts_with("00")) {
        number.remove_prefix(2);
    }
    const auto checked = canonical(msisdn_rule, number);
    if (!checked || checked->view().front() != '0') return checked;
    return IdentityError{"wrong-prefix", "The MSISDN begins with 0, which no country code does.",
                         "Give the international number: country code first, no leading 0.", ""};
}

// The North American plan, or China's: 11 digits for people, 13 for machines.
bool has_number_plan(std::string_view number) {
    if (number.size() == 10) return number[0] >= '2' && number[3] >= '2';
    if (number.size() == 11) return number[0] == '1' && number[1] >= '3';
    return number.size() == 13 && number[0] == '1';
}

Checked check_mdn(std::string_view given) {
    const auto number = trimmed(given);
    const std::string_view country = number.starts_with("+1")    ? "+1"
                                     : number.starts_with("+86") ? "+86"
                                                                 : "";
    const auto checked = canonical(mdn_rule, number.substr(country.size()));
    if (!checked || (country.empty() && has_number_plan(checked->view()))) return checked;
    return IdentityError{"wrong-number-plan",
                         "The MDN is neither a North American nor a Chinese national number.",
                         "Give it without the country code; an international number is an MSISDN.",
                         std::string(checked->view())};
}

Checked check_eid(std::string_view given, CheckDigit policy) {
    const auto number = canonical(eid_rule, given);
    if (!number || policy == CheckDigit::warn || modulo_97(number->view()) == 1) return number;
    return wrong_check_digit(
        eid_rule, number->view(),
        {eid_check_digits(number->view().substr(0, 30)),
         "If the chip was issued so, take its EID with check digits as warnings."});
}

Checked check_imei(std::string_view given, CheckDigit policy) {
    const auto number = canonical(imei_rule, given);
    if (!number || number->view().size() != 15) return number;
    if (policy == CheckDigit::warn || luhn_holds(number->view())) return number;
    const char right = luhn_digit(number->view().substr(0, 14));
    return wrong_check_digit(
        imei_rule, number->view(),
        {std::string(1, right), "A network puts 0 in its place: then give the first 14 digits."});
}

Checked check_name(const IdentityRule& rule, std::string_view given) {
    const auto name = canonical(rule, given);
    if (!name) return name;
    if (name->view() == "." || name->view() == "..") {
        // RFC 3986 §5.2.4 takes these out of every path, so nobody could ever ask for it.
        return IdentityError{"reserved", joined({"The ", rule.name, " consists of dots alone."}),
                             "Choose another: no address can hold it.", ""};
    }
    if (rule.accepted == code_characters && name->view().front() == '-') {
        return IdentityError{"wrong-prefix", joined({"The ", rule.name, " begins with a hyphen."}),
                             "Begin it with a letter or a digit.",
                             std::string(name->view().substr(1))};
    }
    return name;
}

// What `check` finds, with a suggestion only if it passes the same check.
template <class Check>
Checked offered(std::string_view given, Check check) {
    Checked checked = check(given);
    if (checked) return checked;
    IdentityError error = checked.reason();
    const Checked repaired = check(error.suggestion);
    error.suggestion = repaired ? std::string(repaired->view()) : "";
    return error;
}

}  // namespace

Result<Iccid, IdentityError> Iccid::parse(std::string_view given, CheckDigit policy) {
    return made(offered(given, [policy](auto text) { return check_iccid(text, policy); }));
}

bool Iccid::check_digit_holds() const {
    return luhn_holds(text());
}

Result<Imsi, IdentityError> Imsi::parse(std::string_view given) {
    return made(offered(given, check_imsi));
}

std::string_view Imsi::mcc() const {
    return text().substr(0, 3);
}

std::string_view Imsi::mnc() const {
    // Where MCC and MNC begin so, the MNC has three digits: from the first up to, not including,
    // the second. India and Malaysia use both lengths; elsewhere the country decides.
    constexpr std::pair<std::string_view, std::string_view> three_digits[] = {
        {"302", "303"},       {"310", "317"},       {"334", "335"},       {"338", "339"},
        {"342", "343"},       {"344", "345"},       {"346", "347"},       {"348", "349"},
        {"365", "366"},       {"405025", "405048"}, {"405750", "405757"}, {"405799", "405933"},
        {"502142", "502149"}, {"502150", "502160"}, {"708", "709"},       {"722", "723"},
        {"732", "733"},
    };
    const auto begin = text().substr(0, 6);
    const bool three =
        std::any_of(std::begin(three_digits), std::end(three_digits),
                    [&](auto range) { return range.first <= begin && begin < range.second; });
    return text().substr(3, three ? 3 : 2);
}

std::string Imsi::masked() const {
    return msp::masked(text(), mcc().size() + mnc().size());
}

Result<Msisdn, IdentityError> Msisdn::parse(std::string_view given) {
    return made(offered(given, check_msisdn));
}

Result<Mdn, IdentityError> Mdn::parse(std::string_view given) {
    return made(offered(given, check_mdn));
}

Result<Eid, IdentityError> Eid::parse(std::string_view given, CheckDigit policy) {
    return made(offered(given, [policy](auto text) { return check_eid(text, policy); }));
}

bool Eid::check_digit_holds() const {
    return modulo_97(text()) == 1;
}

Result<Imei, IdentityError> Imei::parse(std::string_view given, CheckDigit policy) {
    return made(offered(given, [policy](auto text) { return check_imei(text, policy); }));
}

bool Imei::check_digit_holds() const {
    return text().size() != 15 || luhn_holds(text());
}

template <class Kind, std::size_t longest>
Result<Kind, IdentityError> ChosenName<Kind, longest>::parse(std::string_view given) {
    return ChosenName::made(
        offered(given, [](auto text) { return check_name(name_rule<Kind>, text); }));
}
template class ChosenName<DeviceId, 64>;
template class ChosenName<EquipmentId, 64>;
template class ChosenName<BatchId, 64>;
template class ChosenName<PartyId, 32>;
template class ChosenName<OperatorId, 32>;

std::string masked(std::string_view digits, std::size_t shown) {
    constexpr std::size_t hidden = 6;
    constexpr std::size_t last = 2;
    if (digits.size() < hidden + last) return "…";
    const auto first = std::min(shown, digits.size() - hidden - last);
    return joined({digits.substr(0, first), "…", digits.substr(digits.size() - last)});
}

char luhn_digit(std::string_view body) {
    unsigned sum = 0;
    bool doubled = true;
    for (auto digit = body.rbegin(); digit != body.rend(); ++digit, doubled = !doubled) {
        const auto value = static_cast<unsigned>(*digit - '0') * (doubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return digit_of((10 - sum % 10) % 10);
}

std::string eid_check_digits(std::string_view body) {
    assert(body.size() == 30);
    const unsigned check = 98 - modulo_97(joined({body, "00"}));
    return {digit_of(check / 10), digit_of(check % 10)};
}

}  // namespace msp
