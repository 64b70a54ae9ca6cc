// Decides over what the archive holds, without writing: previews, and checks before a change of
// many parts.
//
// Law: the decision is the one that the store would make, had it been asked at the archive's
// instant; nothing comes of it. On the reader's thread.
#pragma once

#include "domain/decision.hpp"
#include "store/archive.hpp"

#include <vector>

namespace msp {

// Loads what is missing from the view, and forgets that it was missing.
void load_missing(View&, Archive&);
void load(View&, Archive&, const Name&);

// Decides again until nothing is missing.
template <class Flow>
Decision decide_over(View& view, Archive& archive, const Flow& flow) {
    for (const Name& name : names(flow)) load(view, archive, name);
    while (true) {
        Decision decision = decide(view, flow);
        if (view.missing().empty()) return decision;
        load_missing(view, archive);
    }
}

}  // namespace msp
