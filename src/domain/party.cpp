#include "domain/party.hpp"

namespace msp {

const PartyId& m2m_sp() {
    static const PartyId id = PartyId::parse("m2m-sp").value();
    return id;
}

PartyId party_of(const OperatorId& id) {
    return PartyId::parse(id.text()).value();
}

PartyFacts facts_of(const PartyBook& book, const PartyId& party) {
    const auto found = book.find(party);
    return found == book.end() ? PartyFacts{.open = false} : found->second;
}

}  // namespace msp
