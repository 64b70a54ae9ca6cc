#include "api/archive_view.hpp"

#include <algorithm>
#include <vector>

namespace msp {

void load(View& view, Archive& archive, const Name& name) {
    if (view.knows(name)) return;
    if (!names_a_chain(name.kind)) {
        view.learn(name, archive.record(name));
        return;
    }
    const std::optional<Chain> chain = archive.chain(name);
    bool live = false;
    if (chain) {
        const std::vector<Name> names = live_names(*chain);
        live = std::find(names.begin(), names.end(), name) != names.end();
    }
    view.learn(name, chain, live);
}

void load_missing(View& view, Archive& archive) {
    const std::vector<Name> missing(view.missing().begin(), view.missing().end());
    for (const Name& name : missing) load(view, archive, name);
    view.forget_missing();
}

Decision decide_over(View& view, Archive& archive, std::span<const Name> hints,
                     const std::function<Decision(const View&)>& decide) {
    for (const Name& name : hints) load(view, archive, name);
    while (true) {
        Decision decision = decide(view);
        if (view.missing().empty()) return decision;
        load_missing(view, archive);
    }
}

}  // namespace msp
