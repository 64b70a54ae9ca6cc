// Devices: listing, looking at one, handing some over.

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/item_answers.hpp"
#include "api/query_reader.hpp"
#include "domain/status.hpp"
#include "provisioning/hand_over.hpp"

namespace msp {

static constexpr std::size_t items_most = 1'000;

static std::optional<Holder> holder(QueryReader& query) {
    const auto given = query.one_of("held_by", {"customer", "m2m-sp", "operator"});
    for (const Holder one : every_holder)
        if (given && *given == word(one)) return one;
    return std::nullopt;
}

void list_devices(const CallPtr& call) {
    QueryReader query(call->query());
    const auto status = query.one_of("status", {"active", "de-active", "stopped"});
    const auto customer = query.identifier<PartyId>("customer");
    const auto held_by = holder(query);
    const auto pending = query.flag("pending");
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    const auto matches = [=](const Chain& chain) {
        return chain.device && (!status || word(m2m_status(chain)) == *status) &&
               (!customer || chain.customer == *customer) &&
               (!held_by || chain.holds.holds(*held_by)) &&
               (!pending || !settled(chain) == *pending);
    };
    list_chains(call, {Layer::m2m, matches, {}, {}});
}

void get_device(const CallPtr& call) {
    const auto subject = device_subject(*call);
    if (!subject) return call->refuse(subject.reason());
    answer_read(call,
                [subject = *subject, reader = call->caller().party](Archive& archive) -> Rendered {
                    const auto chain = archive.chain(subject.name);
                    const bool has_it =
                        chain && chain->device && Name::of(chain->device->id) == subject.name;
                    if (!has_it || !sees(reader, *chain))
                        return Refusal{RefusalCode::no_such_device, {}, {}};
                    return chain_answer(archive, *chain, subject, reader);
                });
}

static std::vector<DeviceId> devices_of(JsonObject& object) {
    std::vector<DeviceId> out;
    const auto texts = object.texts("/device_ids", items_most).value_or(std::vector<std::string>());
    for (std::size_t at = 0; at < texts.size(); ++at) {
        const auto id = DeviceId::parse(texts[at]);
        if (id)
            out.push_back(*id);
        else
            object.refuse("/device_ids/" + std::to_string(at), id.reason().code,
                          id.reason().sentence + " " + id.reason().hint);
    }
    return out;
}

void hand_over_devices(const CallPtr& call) {
    auto body = read_json(call->request());
    if (!body) return call->refuse(body.reason());
    JsonObject object = std::move(body).value();
    std::vector<DeviceId> devices = devices_of(object);
    const auto to = object.identifier<PartyId>("/to");
    if (auto problem = object.problem()) return call->refuse(*std::move(problem));
    HandOver command{.devices = std::move(devices),
                     .to = *to,
                     .parties = call->parts().parties.book(),
                     .origin = call->origin()};
    call->submit(flow_command(std::move(command), Urgency::urgent, call->key()),
                 [call](const Answer& answer) {
                     if (answer.refusal) return call->refuse(*answer.refusal);
                     ItemAnswers items;
                     items.add(answer.items);
                     call->answer(json_response(items.json()));
                 });
}

}  // namespace msp
