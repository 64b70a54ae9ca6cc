// Removes records that nobody asks for any more: outdated deliveries, and all that is kept of an
// endpoint that was deleted.
// Pure; read_leftovers() within a job of the Reader.
#pragma once

#include "domain/decision.hpp"
#include "notices/endpoint.hpp"
#include "store/archive.hpp"

#include <vector>

namespace msp {

struct RemoveRecords {
    std::vector<Name> records;
};
std::vector<Name> names(const RemoveRecords&);
Decision decide(const View&, const RemoveRecords&);

// What is left of an endpoint, the endpoint itself last: as much as is removed in one go.
std::vector<Name> read_leftovers(Archive&, const EndpointId&);

}  // namespace msp
