#include "access/parties.hpp"

#include "store/store.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace msp {

Parties::Parties(Store& store) : book_(std::make_shared<PartyBook>()) {
    store.listen([this](const Commit& commit) {
        for (const Record& record : commit.records)
            if (record.name.kind == Name::Kind::party)
                learn(decode_party(record.body.value()).value());
    });
}

void Parties::learn(const Party& party) {
    for (const std::string& prefix : party.device_prefixes)
        prefixes_.insert_or_assign(prefix, party.id);
    auto book = std::make_shared<PartyBook>(*book_);
    book->insert_or_assign(party.id, party.facts);
    book_ = std::move(book);
    parties_.insert_or_assign(party.id, party);
}

const Party* Parties::find(const PartyId& id) const {
    const auto found = parties_.find(id);
    return found == parties_.end() ? nullptr : &found->second;
}

std::vector<Party> Parties::all() const {
    std::vector<Party> out;
    out.reserve(parties_.size());
    for (const auto& [id, party] : parties_) out.push_back(party);
    return out;
}

// The longest key that `text` begins with. What a greater key than it shares with the text is all
// that a shorter one can begin with.
const Party* Parties::provider_of(const DeviceId& device) const {
    std::string_view text = device.text();
    for (;;) {
        auto at = prefixes_.upper_bound(text);
        if (at == prefixes_.begin()) return nullptr;
        const auto& [prefix, party] = *--at;
        if (text.starts_with(prefix)) return find(party);
        const auto shared = std::mismatch(text.begin(), text.end(), prefix.begin(), prefix.end());
        text = text.substr(0, static_cast<std::size_t>(shared.first - text.begin()));
    }
}

}  // namespace msp
