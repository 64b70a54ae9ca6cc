#include "store/memory/memory_store.hpp"

#include "store/drawn_contract.hpp"
#include "store/turns_contract.hpp"

#include <doctest/doctest.h>

using namespace msp;

static Command bear(const Chain& chain) {
    return {.key = {}, .hints = live_names(chain), .decide = [chain](const View& view) {
                if (view.chain(Name::of(chain.card.iccid)))
                    return refused(RefusalCode::card_conflicts);
                Chain after = chain;
                after.sequence = 0;
                Decision out;
                out.events = tell(chain, after, {.actor = {m2m_sp(), "test", {}}, .operation = {}},
                                  {{EventType::card_registered, {}, {}, {}}});
                out.after.push_back(after);
                out.answer.changed = true;
                return out;
            }};
}

TEST_CASE("what a memory store answered with success is read afterwards") {
    TurnLoop loop;
    SeededRandom random(1);
    MemoryStore memory = make_memory_store(loop);
    const Chain chain =
        drawn::usual_chain(random, static_cast<std::uint64_t>(memory.store->fresh_chain_id()));
    std::vector<std::string> told;
    memory.store->listen([&](const Commit& commit) {
        told.push_back("commit of " + std::to_string(commit.events.size()));
    });
    memory.store->submit(bear(chain), [&](const Result<Answer, Failure>& answer) {
        told.emplace_back(answer && answer->changed ? "changed" : "?");
        memory.reader->read(
            [&](Archive& archive) {
                const auto found = archive.chain(Name::of(chain.card.iccid));
                told.emplace_back(found && found->sequence == 1 ? "found" : "?");
                told.push_back(std::to_string(archive.history_of(chain.id, 0, 9).size()));
            },
            [&](const Result<Done, Failure>& done) { told.emplace_back(done ? "read" : "?"); });
    });
    memory.store->submit(bear(chain), [&](const Result<Answer, Failure>& answer) {
        told.emplace_back(entry_of(answer->refusal->code).word);
    });
    loop.run();
    CHECK(told == std::vector<std::string>{"commit of 1", "changed", "card-conflicts", "found", "1",
                                           "read"});
}
