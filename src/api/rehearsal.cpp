#include "api/rehearsal.hpp"

#include "api/archive_view.hpp"

#include <algorithm>
#include <utility>

namespace msp {

static bool changes(const Answer& answer) {
    return answer.changed || std::any_of(answer.items.begin(), answer.items.end(),
                                         [](const ItemAnswer& item) { return item.changed; });
}

void Rehearsal::submit(Command command, Done done) {
    auto decision = std::make_shared<Decision>();
    reader_.read(
        [decision, command = std::move(command), before = kept_->records](Archive& archive) {
            View view;
            for (const auto& [name, body] : before) view.learn(name, body);
            *decision = decide_over(view, archive, command.hints, command.decide);
        },
        [decision, kept = kept_, done = std::move(done)](const Result<msp::Done, Failure>& read) {
            if (!read) return done(read.reason());
            if (!decision->answer.refusal) {
                kept->changed = kept->changed || changes(decision->answer);
                for (Record& record : decision->records)
                    kept->records.insert_or_assign(record.name, std::move(record.body));
            }
            done(std::move(decision->answer));
        });
}

const std::optional<std::string>* Rehearsal::record(const Name& name) const {
    const auto found = kept_->records.find(name);
    return found == kept_->records.end() ? nullptr : &found->second;
}

}  // namespace msp
