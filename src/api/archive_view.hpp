// Decides over what the archive holds, without writing: previews, and checks before a change of
// many parts.
//
// Law: the decision is the one that the store would make, had it been asked at the archive's
// instant; nothing comes of it. On the reader's thread.
#pragma once

#include "domain/decision.hpp"
#include "store/archive.hpp"

#include <functional>
#include <span>

namespace msp {

// Loads what is missing from the view, and forgets that it was missing.
void load_missing(View&, Archive&);
void load(View&, Archive&, const Name&);

// Decides again until nothing is missing.
Decision decide_over(View&, Archive&, std::span<const Name> hints,
                     const std::function<Decision(const View&)>& decide);

template <class Flow>
Decision decide_over(View& view, Archive& archive, const Flow& flow) {
    return decide_over(view, archive, names(flow),
                       [&flow](const View& seen) { return decide(seen, flow); });
}

}  // namespace msp
