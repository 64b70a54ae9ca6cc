#include "notices/cloud_event.hpp"

#include "domain/party.hpp"
#include "notices/stage_parts_test.hpp"

#include <boost/json.hpp>

#include <doctest/doctest.h>

using namespace msp;
using namespace msp::stage;

namespace json = boost::json;

namespace {

constexpr std::string_view iccid = "8946012345678901236";
constexpr std::string_view imsi = "240017654321098";
constexpr std::string_view eid = "89049032123451234512345678901235";
constexpr std::string_view msisdn = "46701239876";
constexpr std::string_view mdn = "2125550143";
constexpr std::string_view equipment_canary = "EX-CANARY-20417";

const PartyId maker = PartyId::parse("maker").value();

// Whatever leads to the subscriber, in everything that somebody wrote.
std::string indiscretion() {
    return "IMSI " + std::string(imsi) + ", +46 70 123-98 76, " + std::string(mdn) + " (" +
           std::string(iccid) + "/" + std::string(eid) + ")";
}

Reason reason(Holder holder, std::string_view code) {
    return {.holder = holder,
            .code = *ReasonCode::of(code),
            .text = indiscretion(),
            .by = {.party = m2m_sp(), .principal = "key-of-anna", .on_behalf_of = {}},
            .since = *parse_rfc3339("2026-03-02T09:14:00Z"),
            .follows_equipment = false};
}

// A device that `maker` built and `digger` put into an equipment; everybody holds it.
Chain installed() {
    Chain chain{.id = ChainId{17000123},
                .card = {.iccid = Iccid::parse(iccid, CheckDigit::warn).value(),
                         .eid = Eid::parse(eid, CheckDigit::warn).value(),
                         .batch = BatchId::parse("b1").value()},
                .subscription = {.at = OperatorId::parse("op-north").value(),
                                 .imsi = Imsi::parse(imsi).value(),
                                 .reference = *SubscriptionReference::of(iccid),
                                 .msisdn = Msisdn::parse(msisdn).value(),
                                 .mdn = Mdn::parse(mdn).value()},
                .holder = maker,
                .customer = digger,
                .device = Device{.id = DeviceId::parse("DV-7").value(), .imei = {}, .since = {}},
                .equipment = Equipment{.id = EquipmentId::parse(equipment_canary).value(),
                                       .provider = digger,
                                       .wish = Wish::de_active,
                                       .since = *parse_rfc3339("2026-03-01T00:00:00Z"),
                                       .ended = {},
                                       .before = {}},
                .holds = {},
                .until = {},
                .observed = {},
                .exchange = {},
                .revisions = {}};
    chain.holds.put(reason(Holder::customer, "requested"));
    chain.holds.put(reason(Holder::m2m_sp, "unpaid"));
    chain.holds.put(reason(Holder::network_operator, "operator-suspended"));
    chain.exchange.parked = Parked{.reason = indiscretion(), .since = {}, .until = {}};
    chain.observed.native = "BARRED";
    return chain;
}

Entry entry(EventType type, const Chain& chain) {
    Statuses before = statuses(chain);
    before.equipment = Status::active;
    const bool claim = type == EventType::binding_refused;
    return {
        .lane = 3,
        .position = 4711,
        .number = 345,
        .event = {.type = type,
                  .at = *parse_rfc3339("2026-11-23T09:14:05.120Z"),
                  .actor = {.party = m2m_sp(), .principal = "key-of-anna", .on_behalf_of = digger},
                  .cause = Cause::command,
                  .operation = "op-1",
                  .sequence = 12,
                  .before = before,
                  .after = std::make_shared<const Chain>(chain),
                  .audience = {digger},
                  .code = claim ? "imsi-differs" : "",
                  .detail = claim                                  ? "claim-9"
                            : type == EventType::equipment_unbound ? std::string(equipment_canary)
                                                                   : indiscretion()}};
}

json::object read(const std::string& text) {
    return json::parse(text).as_object();
}

std::string at(const json::object& object, std::string_view member) {
    return json::value_to<std::string>(object.at(member));
}

// Every run of digits in it, spaced or not, as one.
std::string digits_of(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c >= '0' && c <= '9')
            out += c;
        else if (std::string_view(" -()+").find(c) == std::string_view::npos)
            out += '|';
    return out;
}

bool tells(const std::string& text, std::string_view identifier) {
    return digits_of(text).find(identifier.substr(identifier.size() - 8)) != std::string::npos;
}

}  // namespace

TEST_CASE("an event is a CloudEvent with the chain's state, its holds, and who did what why") {
    const std::string text =
        cloud_event(entry(EventType::equipment_status_changed, installed()), digger);
    const json::object event = read(text);
    CHECK(at(event, "specversion") == "1.0");
    CHECK(at(event, "id") == "3-4711");
    CHECK(at(event, "source") == "/msp");
    CHECK(at(event, "type") == "m2m.equipment.status-changed");
    CHECK(at(event, "subject") == "equipment/EX-CANARY-20417");
    CHECK(at(event, "time") == "2026-11-23T09:14:05.120Z");
    CHECK(at(event, "datacontenttype") == "application/json");
    CHECK(at(event, "chain") == "17000123");
    CHECK(event.at("sequence") == 12);
    CHECK(event.at("number") == 345);

    const json::object& data = event.at("data").as_object();
    CHECK(at(data, "device_id") == "DV-7");
    CHECK(at(data, "equipment_id") == equipment_canary);
    CHECK(data.at("card") == json::value{{"iccid_last4", "1236"}});
    CHECK(at(data, "operator") == "op-north");
    CHECK(at(data, "customer") == "digger");
    CHECK(data.at("before") ==
          json::value{{"network", "unknown"}, {"m2m", "de-active"}, {"equipment", "active"}});
    CHECK(data.at("after") ==
          json::value{{"network", "unknown"}, {"m2m", "de-active"}, {"equipment", "de-active"}});
    CHECK(at(data, "network") == "confirmed");
    CHECK(at(data, "cause") == "command");
    CHECK(at(data, "operation") == "op-1");
    CHECK_FALSE(at(data, "summary").empty());

    const json::array& holds = data.at("holds").as_array();
    REQUIRE(holds.size() == 5);  // three holders, the parked order, the wish
    const json::object& unpaid = holds[1].as_object();
    CHECK(at(unpaid, "layer") == "m2m");
    CHECK(at(unpaid, "party") == "m2m-sp");
    CHECK(at(unpaid, "holder") == "m2m-sp");
    CHECK(at(unpaid, "code") == "unpaid");
    CHECK(at(unpaid, "says") == "an invoice is unpaid");
    CHECK(at(unpaid, "since") == "2026-03-02T09:14:00.000Z");
    CHECK(at(unpaid, "lifted_by") == "the M2M service provider");
    CHECK(unpaid.at("may_lift") == json::array{"m2m-sp"});
}

TEST_CASE("what is not known of an event is left out") {
    Entry unknown = entry(EventType::binding_refused, installed());
    unknown.event.after = nullptr;
    unknown.event.sequence = 0;
    unknown.number = 0;
    const json::object event = read(cloud_event(unknown, digger));
    CHECK(at(event, "subject") == "claim/claim-9");
    for (const std::string_view absent : {"chain", "sequence", "number"})
        CHECK_FALSE(event.contains(absent));
    const json::object& data = event.at("data").as_object();
    for (const std::string_view absent : {"card", "device_id", "holds", "before", "after"})
        CHECK_FALSE(data.contains(absent));
    CHECK(at(data, "claim") == "claim-9");
    CHECK(at(data, "code") == "imsi-differs");
    CHECK(at(data, "summary") ==
          "A report was refused. The reported IMSI is not the one of this card.");
}

TEST_CASE("each type is about a card, a device or an equipment") {
    Chain fresh = installed();
    fresh.equipment.reset();
    fresh.device.reset();
    for (std::size_t each = 0; each < event_type_count; ++each) {
        const auto type = static_cast<EventType>(each);
        CAPTURE(word(type));
        const auto subject = [&](const Chain& chain) {
            const std::string text = at(read(cloud_event(entry(type, chain), m2m_sp())), "subject");
            return text.substr(0, text.find('/'));
        };
        const bool card = word(type).starts_with("m2m.card.") ||
                          type == EventType::reclaimed_subscription_reported;
        const bool equipment = word(type).starts_with("m2m.equipment.");
        CHECK(subject(installed()) == (card ? "card" : equipment ? "equipment" : "device"));
        CHECK(subject(fresh) == (type == EventType::equipment_unbound ? "equipment" : "card"));
    }
}

TEST_CASE("an equipment provider never sees a subscriber's identifier, in no type of event") {
    std::size_t looked_at = 0;
    for (std::size_t each = 0; each < event_type_count; ++each)
        for (const bool unbound : {false, true})
            for (const PartyId& reader : {digger, stranger}) {
                Chain chain = installed();
                if (unbound) chain.equipment.reset();
                const Entry told = entry(static_cast<EventType>(each), chain);
                const std::string text = cloud_event(told, reader);
                CAPTURE(text);
                for (const std::string_view canary : {imsi, msisdn, mdn, eid, iccid})
                    CHECK_FALSE(tells(text, canary));
                CHECK(text.find("1236") != std::string::npos);  // the last four of the ICCID
                CHECK(text.find("key-of-anna") == std::string::npos);
                ++looked_at;
            }
    MESSAGE(looked_at << " events looked at");
}

TEST_CASE("a device provider sees its card and never the equipment, in no type of event") {
    for (std::size_t each = 0; each < event_type_count; ++each) {
        const Entry told = entry(static_cast<EventType>(each), installed());
        const std::string text = cloud_event(told, maker);
        CAPTURE(text);
        CHECK(text.find(equipment_canary) == std::string::npos);
        const json::object data = read(text).at("data").as_object();
        CHECK_FALSE(data.contains("equipment_id"));
        CHECK_FALSE(data.at("before").as_object().contains("equipment"));
        CHECK_FALSE(data.at("after").as_object().contains("equipment"));
        for (const json::value& hold : data.at("holds").as_array())
            CHECK(at(hold.as_object(), "layer") != "equipment");
        CHECK(at(data, "summary").find("equipment service") == std::string::npos);
        CHECK(at(data.at("card").as_object(), "iccid") == iccid);
        CHECK(at(data.at("card").as_object(), "imsi") == imsi);
    }
}

TEST_CASE("the M2M SP sees everything, and each party its own principals") {
    const Entry told = entry(EventType::equipment_status_changed, installed());
    const json::object data = read(cloud_event(told, m2m_sp())).at("data").as_object();
    CHECK(at(data, "equipment_id") == equipment_canary);
    CHECK(at(data.at("card").as_object(), "imsi") == imsi);
    CHECK(data.at("actor") == json::value{{"party", "m2m-sp"},
                                          {"principal", "key-of-anna"},
                                          {"on_behalf_of", "digger"}});
    CHECK(read(cloud_event(told, digger)).at("data").at("actor") ==
          json::value{{"party", "m2m-sp"}, {"on_behalf_of", "digger"}});

    Entry own = told;
    own.event.actor = {.party = digger, .principal = "key-of-bo", .on_behalf_of = {}};
    for (const PartyId& reader : {digger, m2m_sp()})
        CHECK(cloud_event(own, reader).find("key-of-bo") != std::string::npos);
    CHECK(cloud_event(own, maker).find("key-of-bo") == std::string::npos);
}

TEST_CASE("an equipment provider is told which equipment it unbound, its device's maker is not") {
    Chain unbound = installed();
    unbound.equipment.reset();
    const Entry told = entry(EventType::equipment_unbound, unbound);
    CHECK(at(read(cloud_event(told, digger)), "subject") == "equipment/EX-CANARY-20417");
    CHECK(cloud_event(told, maker).find(equipment_canary) == std::string::npos);
}

TEST_CASE("however much people write, an event stays below the limit and is valid UTF-8") {
    Chain chain = installed();
    for (const CatalogueEntry& known : hold_catalogue()) {
        Reason long_winded = reason(known.holder, known.code);
        for (int i = 0; i < 400; ++i) long_winded.text += "\x01ü\xFF\xF0\x9F\x9A\x9C\xED\xA0\x80";
        chain.holds.put(long_winded);
    }
    chain.exchange.parked->reason = std::string(30'000, '"');
    Entry told = entry(EventType::order_refused, chain);
    told.event.detail = std::string(30'000, '\n');
    for (const PartyId& reader : {digger, maker, m2m_sp()}) {
        const std::string text = cloud_event(told, reader);
        CHECK(text.size() <= event_bytes_most);
        json::error_code error;
        const json::value event = json::parse(text, error);  // refuses what is not UTF-8
        CHECK_FALSE(error);
        CHECK(event.at("data").at("holds").as_array().size() > hold_catalogue().size());
    }
}

TEST_CASE("an event reads the same every time") {
    const Entry told = entry(EventType::drift_found, installed());
    CHECK(cloud_event(told, digger) == cloud_event(told, digger));
}
