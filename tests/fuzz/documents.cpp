// Bodies: commands, reports, what operators say, settings, configuration.
#include "tests/fuzz/errand.hpp"
#include "tests/fuzz/targets.hpp"

#include "access/json.hpp"
#include "gateway/device_report.hpp"
#include "main/config.hpp"
#include "operators/operator_settings.hpp"
#include "operators/rest/rest_wire.hpp"
#include "operators/signed_report.hpp"

#include <iterator>
#include <string>
#include <utility>

namespace msp::fuzz {

void take_json_command(std::string_view bytes) {
    auto parsed = JsonObject::parse(bytes);
    if (!parsed) {
        assert(!parsed.reason().code.empty());
        return;
    }
    JsonObject object = std::move(parsed).value();
    (void)object.text("/status");
    (void)object.flag("/flag", Need::optional);
    (void)object.number("/number", -5, 5, Need::nullable);
    (void)object.decimal("/limits/per_second", 0, 10, Need::optional);
    (void)object.time("/until", Need::nullable);
    (void)object.texts("/device_ids", 3, Need::optional);
    (void)object.entries("/labels", 3, Need::optional);
    (void)object.identifier<DeviceId>("/device_id", Need::nullable);
    (void)object.problem();
}

void take_device_report(std::string_view bytes) {
    const auto report = parse_device_report(bytes);
    if (!report)
        assert(report.reason().status == 400);
    else
        assert(!device_of(*report).text().empty());
}

void take_operator_settings(std::string_view bytes) {
    const OperatorId id = OperatorId::parse("op-east").value();
    const auto settings = decode_operator_settings(id, bytes);
    if (!settings) return;
    const auto again = decode_operator_settings(id, encode(*settings));
    assert(again && *again == *settings);
}

void take_operator_answer(std::string_view bytes) {
    if (bytes.empty()) return;
    static constexpr int statuses[] = {200, 202, 204, 301, 400, 404, 409, 429, 500, 503};
    HttpResponse response;
    response.status = statuses[static_cast<unsigned char>(bytes.front()) % std::size(statuses)];
    response.body = bytes.substr(1);
    const HttpAnswer answer = response;
    for (const StatusField field : {StatusField::separate, StatusField::combined,
                                    StatusField::overwritten, StatusField::overwritten_combined}) {
        (void)decode_reading(answer, errand_about("sub-1"), field);
        (void)decode_list(answer, field);
    }
    const Outcome ordered = decode_order(answer, errand_about("sub-1"));
    assert(ordered.kind != Outcome::Kind::not_sent);
    (void)decode_poll(answer, errand_about("sub-1"));
}

void take_operator_report(std::string_view bytes) {
    const auto event = decode_event("evt-1", bytes);
    if (event) assert(event->id == "evt-1");
}

void take_configuration(std::string_view bytes) {
    ConfigSources sources;
    sources.file = {"msp.toml", std::string(bytes)};
    const auto config = read_config(sources);
    if (!config) {
        assert(!config.reason().what.empty());
        return;
    }
    for (const Setting& setting : settings()) (void)config->text(setting.key);
}

}  // namespace msp::fuzz
