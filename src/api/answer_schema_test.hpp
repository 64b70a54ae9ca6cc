// For tests: an answer compared with what /openapi.json declares for its call.
//
// Law: stricter than JSON Schema where a client would be surprised: a member that is not declared
// is at fault, unless the schema declares none at all or says what others hold. A keyword that is
// not understood here is at fault as well, so that nothing declared goes unchecked.
#pragma once

#include "world/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace msp::api_stage {

// What is wrong with it, each with a pointer into the body; empty: it is as declared. An answer to
// what is no call of the table has to be a problem.
std::vector<std::string> faults_of_answer(std::string_view method, std::string_view target,
                                          const HttpResponse&);

}  // namespace msp::api_stage
