#include "access/parties.hpp"

#include "domain/view.hpp"

#include <algorithm>
#include <utility>

namespace msp {

namespace {

// All prefixes with their parties: one record, so that whoever adds one has seen all others.
class Prefixes {
public:
    explicit Prefixes(const View& view) {
        const std::string* body = view.record(name());
        for (std::string_view rest = body ? *body : std::string_view(); !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            const std::size_t gap = line.find(' ');
            owners_.emplace(line.substr(0, gap), line.substr(gap + 1));
            rest.remove_prefix(line.size() + 1);
        }
    }

    static Name name() { return {Name::Kind::setting, {}, "device-prefixes"}; }

    bool free_for(const PartyId& party, std::string_view prefix) const {
        return std::none_of(owners_.begin(), owners_.end(), [&](const auto& entry) {
            const auto& [other, owner] = entry;
            return owner != party.text() &&
                   (prefix.starts_with(other) || other.starts_with(prefix));
        });
    }

    void add(const PartyId& party, const std::string& prefix) {
        owners_.emplace(prefix, party.text());
    }

    Record record() const {
        std::string body;
        for (const auto& [prefix, owner] : owners_)
            body.append(prefix).append(" ").append(owner).append("\n");
        return {name(), std::move(body)};
    }

private:
    std::map<std::string, std::string> owners_;
};

Name name_of_party(const PartyId& id) {
    return {Name::Kind::party, {}, std::string(id.text())};
}

// An operator acts under its own name, so no party may have it.
Name name_of_operator(const PartyId& id) {
    return {Name::Kind::operator_settings, {}, std::string(id.text())};
}

bool is_prefix(const std::string& text) {
    const auto parsed = DeviceId::parse(text);
    return text.size() >= 2 && parsed && parsed->text() == text;
}

bool is_digest(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Refusal invalid(std::string detail, std::string pointer) {
    return {RefusalCode::invalid, std::move(detail), std::move(pointer)};
}

// What is wrong with the party by itself.
std::optional<Refusal> unfit(const Party& party) {
    if (party.name.empty() || party.name.size() > 200)
        return invalid("A party has a name, of at most 200 bytes.", "/name");
    if (!party.certificate_authority.empty() && !is_digest(party.certificate_authority))
        return invalid("A CA certificate is named by its SHA-256, in 64 small hex digits.",
                       "/certificate_authority");
    return std::nullopt;
}

// Adds the prefixes to the party and to the record of all, or says why not.
std::optional<Refusal> take_prefixes(const View& view, Party& party,
                                     const std::vector<std::string>& fresh,
                                     const std::string& pointer, Decision& decision) {
    if (fresh.empty()) return std::nullopt;
    if (!party.facts.device_provider)
        return Refusal{RefusalCode::not_a_device_provider, {}, pointer};
    Prefixes prefixes(view);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        const std::string at = pointer + "/" + std::to_string(i);
        if (!is_prefix(fresh[i]))
            return invalid("A prefix is 2 to 64 characters that a device ID may have.", at);
        if (!prefixes.free_for(party.id, fresh[i]))
            return Refusal{RefusalCode::prefix_taken, {}, at};
        prefixes.add(party.id, fresh[i]);
        party.device_prefixes.push_back(fresh[i]);
    }
    auto& own = party.device_prefixes;
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    decision.records.push_back(prefixes.record());
    return std::nullopt;
}

Decision refuse(Refusal refusal) {
    Decision out;
    out.answer.refusal = std::move(refusal);
    return out;
}

Decision keep(Decision decision, const Party& party) {
    decision.answer.changed = true;
    decision.answer.text = party.id.text();
    decision.records.push_back({name_of(party), encode(party)});
    return decision;
}

}  // namespace

std::vector<Name> names(const RegisterParty& command) {
    return {name_of(command.party), name_of_operator(command.party.id), Prefixes::name()};
}

Decision decide(const View& view, const RegisterParty& command) {
    Party party = command.party;
    if (command.origin.actor.party != m2m_sp()) return refused(RefusalCode::m2m_sp_only);
    if (view.record(name_of(party)) || view.record(name_of_operator(party.id)))
        return refused(RefusalCode::party_exists, {}, "/party");
    if (!party.facts.device_provider && !party.facts.equipment_provider)
        return refuse(
            invalid("A party has a role: device-provider, equipment-provider, or both.", "/roles"));
    if (auto refusal = unfit(party)) return refuse(*std::move(refusal));
    Decision decision;
    const auto prefixes = std::exchange(party.device_prefixes, {});
    if (auto refusal = take_prefixes(view, party, prefixes, "/device_prefixes", decision))
        return refuse(*std::move(refusal));
    return keep(std::move(decision), party);
}

std::vector<Name> names(const ChangeParty& command) {
    std::vector<Name> out{name_of_party(command.id)};
    if (!command.add_prefixes.empty()) out.push_back(Prefixes::name());
    return out;
}

static void move(Party& party, const ChangeParty& command) {
    party.name = command.name.value_or(party.name);
    party.facts.open = command.open.value_or(party.facts.open);
    party.facts.reports_create_equipment =
        command.reports_create_equipment.value_or(party.facts.reports_create_equipment);
    party.enrolment_key = command.enrolment_key.value_or(party.enrolment_key);
    party.certificate_authority =
        command.certificate_authority.value_or(party.certificate_authority);
}

Decision decide(const View& view, const ChangeParty& command) {
    if (command.origin.actor.party != m2m_sp()) return refused(RefusalCode::m2m_sp_only);
    const std::string* body = view.record(name_of_party(command.id));
    if (!body) return refused(RefusalCode::no_such_party, {}, "/party");
    if (command.id == m2m_sp() && command.open == false)
        return refuse(invalid("The M2M service provider itself cannot be closed.", "/open"));
    const Party before = decode_party(*body).value();
    Party party = before;
    move(party, command);
    if (auto refusal = unfit(party)) return refuse(*std::move(refusal));
    Decision decision;
    if (auto refusal =
            take_prefixes(view, party, command.add_prefixes, "/add_device_prefixes", decision))
        return refuse(*std::move(refusal));
    if (party != before) return keep(std::move(decision), party);
    Decision unchanged;
    unchanged.answer.text = party.id.text();
    return unchanged;
}

}  // namespace msp
