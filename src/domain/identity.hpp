// Identifiers: parsed once, valid for ever.
//
//   Iccid        18 to 20 digits from 89 on, Luhn digit last     ITU-T E.118, ETSI TS 102 221 §13.2
//   Imsi         6 to 15 digits                                  ITU-T E.212, 3GPP TS 23.003 §2.2
//   Msisdn       1 to 15 digits, country code first              ITU-T E.164
//   Mdn          10 digits (North America), 11 or 13 (China)     NANP; the user's number in CDMA
//   Eid          32 digits, two check digits last                GSMA SGP.02 §2.2.2, Annex J
//   Imei         14 digits, 15 with Luhn digit, 16 with version  3GPP TS 23.003 §6.2, Annex B
//   DeviceId, EquipmentId   [A-Za-z0-9._:-]{1,64}   BatchId   [A-Za-z0-9._-]{1,64}
//   PartyId, OperatorId     [a-z0-9][a-z0-9-]{0,31}
//
// Law: parse() is the only way to an identifier, and none has an empty value. It takes what people,
// spreadsheets and devices write and keeps one canonical form: parse(x.text()) is x again.
// Law: identifiers of different kinds cannot be mixed up or compared.
// Law: a personal identifier (the first six kinds) does not get out by accident: it cannot be
// streamed, masked() is what a screen shows, and no sentence or hint holds one.
//
// Values without allocation; no threads. A view from text() lives as long as the identifier.
#pragma once

#include "domain/result.hpp"
#include "domain/text.hpp"

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace msp {

// Why a text is not an identifier. `code` is one of
//   empty · wrong-length · not-digits · unknown-character · full-width-digits · reserved ·
//   quoted · leading-apostrophe · spreadsheet-number ·
//   wrong-prefix · wrong-number-plan · wrong-check-digit
// Whoever sent the text may see the suggestion: a repaired value that is valid, or nothing.
struct IdentityError {
    std::string_view code;   // stable, for programs
    std::string sentence;    // what is wrong
    std::string hint;        // what to do about it
    std::string suggestion;  // never for a log

    friend bool operator==(const IdentityError&, const IdentityError&) = default;
};

// What to do when a check digit does not hold. Some operators print a serial number in its place,
// and some test EIDs were issued wrong: such cards are taken with `warn`, and asked for and read
// back with `warn` ever after.
enum class CheckDigit : unsigned char { strict, warn };

// What all identifiers have in common. Two of a kind are compared, and hashed, by their key().
template <class Kind, std::size_t longest>
class Identifier {
public:
    constexpr std::string_view text() const { return text_.view(); }
    constexpr std::string_view key() const { return text(); }

    friend constexpr bool operator==(const Kind& left, const Kind& right) {
        return left.key() == right.key();
    }
    friend constexpr std::strong_ordering operator<=>(const Kind& left, const Kind& right) {
        return left.key() <=> right.key();
    }

protected:
    // Requires: the canonical text of a valid identifier.
    constexpr explicit Identifier(std::string_view canonical)
        : text_(*Text<longest>::of(canonical)) {}

    static Result<Kind, IdentityError> made(const Result<Text<64>, IdentityError>& canonical) {
        if (!canonical) return canonical.reason();
        return Kind(canonical->view());
    }

private:
    Text<longest> text_;
};

// The beginning, an ellipsis and the last two digits. Fewer are shown of a short number: six at
// least stay hidden, and of one below eight digits all.
std::string masked(std::string_view digits, std::size_t shown);

// An identifier that leads to a person.
template <class Kind, std::size_t longest, std::size_t shown>
class PersonalIdentifier : public Identifier<Kind, longest> {
public:
    std::string masked() const { return msp::masked(this->text(), shown); }
    friend std::ostream& operator<<(std::ostream&, const Kind&) = delete;

protected:
    using Identifier<Kind, longest>::Identifier;
};

// A card, or one profile of an eUICC. A trailing pad of F, as stored on the card, is dropped.
class Iccid : public PersonalIdentifier<Iccid, 20, 6> {
    using PersonalIdentifier::PersonalIdentifier;

public:
    static Result<Iccid, IdentityError> parse(std::string_view, CheckDigit policy);
    bool check_digit_holds() const;
};

// A network subscription.
class Imsi : public PersonalIdentifier<Imsi, 15, 5> {
    using PersonalIdentifier::PersonalIdentifier;

public:
    static Result<Imsi, IdentityError> parse(std::string_view);
    std::string_view mcc() const;
    // Two digits or three, by a table of countries. For people and statistics; who the operator is,
    // is never read off it.
    std::string_view mnc() const;
    std::string masked() const;  // shows the network: MCC and MNC
};

// The number of a subscription, changeable, never a key. A leading + or 00 is dropped.
class Msisdn : public PersonalIdentifier<Msisdn, 15, 5> {
    using PersonalIdentifier::PersonalIdentifier;

public:
    static Result<Msisdn, IdentityError> parse(std::string_view);
};

// The national number of a CDMA subscription, changeable, never a key.
class Mdn : public PersonalIdentifier<Mdn, 13, 3> {
    using PersonalIdentifier::PersonalIdentifier;

public:
    static Result<Mdn, IdentityError> parse(std::string_view);
};

// The chip of an eUICC.
class Eid : public PersonalIdentifier<Eid, 32, 6> {
    using PersonalIdentifier::PersonalIdentifier;

public:
    static Result<Eid, IdentityError> parse(std::string_view, CheckDigit policy);
    bool check_digit_holds() const;
};

// A modem. Networks put 0 for the check digit or leave it out, and the software version changes, so
// type and serial number, the first 14 digits, are what two are compared by.
class Imei : public PersonalIdentifier<Imei, 16, 6> {
    using PersonalIdentifier::PersonalIdentifier;

public:
    static Result<Imei, IdentityError> parse(std::string_view, CheckDigit policy);
    constexpr std::string_view key() const { return text().substr(0, 14); }
    bool check_digit_holds() const;  // true where there is none: 14 and 16 digits
};

// A name that a party chose. Upper and lower case differ.
template <class Kind, std::size_t longest>
class ChosenName : public Identifier<Kind, longest> {
public:
    static Result<Kind, IdentityError> parse(std::string_view);  // exists for the kinds below

protected:
    using Identifier<Kind, longest>::Identifier;
};

class DeviceId : public ChosenName<DeviceId, 64> {
    using ChosenName::ChosenName;
};
class EquipmentId : public ChosenName<EquipmentId, 64> {
    using ChosenName::ChosenName;
};
class BatchId : public ChosenName<BatchId, 64> {
    using ChosenName::ChosenName;
};
class PartyId : public ChosenName<PartyId, 32> {
    using ChosenName::ChosenName;
};
class OperatorId : public ChosenName<OperatorId, 32> {
    using ChosenName::ChosenName;
};

// The check digits that belong behind `body`, which holds digits only.
char luhn_digit(std::string_view body);               // ISO/IEC 7812-1 Annex B
std::string eid_check_digits(std::string_view body);  // the first 30 digits of an EID

template <class Kind, std::size_t longest>
void takes_identifier(const Identifier<Kind, longest>&);
template <class Id>
concept AnIdentifier = requires(const Id& id) {
    takes_identifier(id);
};

}  // namespace msp

template <msp::AnIdentifier Id>
struct std::hash<Id> {
    std::size_t operator()(const Id& id) const noexcept {
        return std::hash<std::string_view>{}(id.key());
    }
};
