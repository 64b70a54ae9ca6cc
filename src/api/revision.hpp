// ETag and If-Match: the revision of one party's hold or wish, never of the whole chain, or every
// confirmation of the operator would break it.
//
//   "c3"  customer hold     cards and devices, and their M2M service
//   "h1"  M2M SP's hold     hold of cards and devices
//   "w7"  wish              equipment and its service
//
// Pure functions; any thread.
#pragma once

#include "access/problem.hpp"
#include "domain/chain.hpp"
#include "domain/result.hpp"
#include "provisioning/flow.hpp"

#include <cstdint>
#include <string>

namespace msp {

enum class Revision : unsigned char { customer_hold, m2m_sp_hold, wish };

std::uint32_t number_of(const Chain&, Revision);
std::string etag(const Chain&, Revision);

// From the If-Match field of a request. `*` names no revision: nothing. Refuses: another form,
// another letter, more than one.
Result<IfMatch, Problem> if_match(const HttpRequest&, Revision);

}  // namespace msp
