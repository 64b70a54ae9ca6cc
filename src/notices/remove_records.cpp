#include "notices/remove_records.hpp"

namespace msp {

static constexpr std::size_t records_at_once = 500;

std::vector<Name> names(const RemoveRecords& command) {
    return command.records;
}

Decision decide(const View& view, const RemoveRecords& command) {
    Decision decision;
    for (const Name& name : command.records)
        if (view.record(name)) decision.records.push_back({name, std::nullopt});
    decision.answer.changed = !decision.records.empty();
    return decision;
}

std::vector<Name> read_leftovers(Archive& archive, const EndpointId& id) {
    const std::string scope(id.view());
    std::vector<Name> out;
    for (const Name::Kind kind : {Name::Kind::endpoint_state, Name::Kind::delivery})
        for (const Record& record : archive.records(kind, scope, "", records_at_once))
            out.push_back(record.name);
    if (out.empty() && archive.record(endpoint_name(id))) out.push_back(endpoint_name(id));
    return out;
}

}  // namespace msp
