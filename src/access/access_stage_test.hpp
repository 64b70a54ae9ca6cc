// What the tests of this folder stand on: a store in memory on a loop moved by hand, with the
// registries on it.
#pragma once

#include "access/bootstrap.hpp"
#include "access/keys.hpp"
#include "access/parties.hpp"
#include "store/flow_command.hpp"
#include "store/memory/memory_store.hpp"
#include "world/manual_loop.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace msp {

inline PartyId party_id(std::string_view text) {
    return PartyId::parse(text).value();
}

inline DeviceId device_id(std::string_view text) {
    return DeviceId::parse(text).value();
}

inline Party device_maker(std::string_view id, std::vector<std::string> prefixes,
                          std::string enrolment_key = std::string(32, 'k')) {
    return {.id = party_id(id),
            .name = "Maker " + std::string(id),
            .facts = {.device_provider = true},
            .device_prefixes = std::move(prefixes),
            .enrolment_key = std::move(enrolment_key),
            .certificate_authority = {},
            .created = Time(Duration(1))};
}

struct AccessStage {
    ManualLoop loop;
    MemoryStore memory = make_memory_store(loop);
    Parties parties{*memory.store};
    Keys keys{*memory.store, parties};
    SeededRandom random{1};

    Origin by(const PartyId& party) const {
        return {.actor = {.party = party, .principal = "tester", .on_behalf_of = {}},
                .cause = Cause::command,
                .operation = {},
                .at = loop.now()};
    }
    Origin staff() const { return by(m2m_sp()); }

    template <class Flow>
    Answer submit(Flow flow) {
        std::optional<Answer> out;
        memory.store->submit(flow_command(std::move(flow)), [&out](Result<Answer, Failure> result) {
            REQUIRE(result);
            out = std::move(result).value();
        });
        loop.run_ready();
        REQUIRE(out);
        return *std::move(out);
    }

    // The word of the refusal, or "changed" or "unchanged".
    template <class Flow>
    std::string outcome(Flow flow) {
        const Answer answer = submit(std::move(flow));
        if (answer.refusal) return std::string(entry_of(answer.refusal->code).word);
        return answer.changed ? "changed" : "unchanged";
    }

    std::string add(Party party) { return outcome(RegisterParty{std::move(party), staff()}); }

    std::string begin() {
        FirstStaff first = first_staff(random, loop.now());
        submit(std::move(first.command));
        return first.token;
    }

    std::optional<Caller> caller(std::string_view token) const {
        return keys.caller("Bearer " + std::string(token), loop.now());
    }
};

}  // namespace msp
