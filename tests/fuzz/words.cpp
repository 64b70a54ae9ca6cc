// What stands on one line: identifiers, targets, URLs; and the stream of events.
#include "tests/fuzz/targets.hpp"

#include "api/cursor.hpp"
#include "api/target.hpp"
#include "cli/event_stream.hpp"
#include "domain/identity.hpp"
#include "domain/time.hpp"
#include "notices/webhook_url.hpp"

#include <string>

namespace msp::fuzz {

template <class Id, class... Policy>
static void read_twice(std::string_view bytes, Policy... policy) {
    const auto id = Id::parse(bytes, policy...);
    if (!id) {
        assert(!id.reason().code.empty() && !id.reason().hint.empty());
        return;
    }
    const auto again = Id::parse(id->text(), policy...);
    assert(again && *again == *id);
}

void take_identifiers(std::string_view bytes) {
    read_twice<Iccid>(bytes, CheckDigit::strict);
    read_twice<Iccid>(bytes, CheckDigit::warn);
    read_twice<Imei>(bytes, CheckDigit::warn);
    read_twice<Imsi>(bytes);
    read_twice<Eid>(bytes, CheckDigit::warn);
    read_twice<Msisdn>(bytes);
    read_twice<Mdn>(bytes);
    read_twice<DeviceId>(bytes);
    read_twice<EquipmentId>(bytes);
    read_twice<PartyId>(bytes);
    read_twice<OperatorId>(bytes);
}

void take_target(std::string_view bytes) {
    const msp::Target target = split_target(bytes);
    (void)Query::parse(target.query);
    if (const auto segment = decoded_segment(target.path))
        assert(decoded_segment(encoded_segment(*segment)) == segment);
    if (const auto place = read_cursor(bytes, "query"))
        assert(make_cursor(*place, "query") == bytes);
}

void take_webhook_url(std::string_view bytes) {
    const auto url = WebhookUrl::parse(bytes);
    if (!url) return;
    const auto again = WebhookUrl::parse(url->text());
    assert(again && *again == *url);
}

void take_event_stream(std::string_view bytes) {
    if (bytes.empty()) return;
    cli::EventCutter whole;
    cli::EventCutter cut;
    std::string from_whole, from_cut;
    for (const auto& event : whole.take(bytes.substr(1))) from_whole += event.id + event.data;
    in_pieces(bytes, [&](std::string_view piece) {
        for (const auto& event : cut.take(piece)) from_cut += event.id + event.data;
    });
    assert(from_whole == from_cut && whole.last_id() == cut.last_id());
}

}  // namespace msp::fuzz
