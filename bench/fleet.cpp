#include "bench/fleet.hpp"

#include "store/drawn_contract.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_engine.hpp"
#include "world/files.hpp"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>

namespace msp::bench {

static constexpr std::uint64_t number_base = 100'000'000;  // nine digits, whatever is added

Chain nth_chain(std::uint64_t n) {
    SeededRandom random(n);
    return drawn::usual_chain(random, n);
}

std::string device_of(std::uint64_t n) {
    return "dev-" + std::to_string(number_base + n);
}

std::uint64_t number_of(const Name& name) {
    return std::stoull(name.value.substr(name.value.size() - 9)) - number_base;
}

void must(bool good) {
    if (good) return;
    std::cerr << "the database refused\n";
    std::exit(1);
}

// One step of every chain's life, in order: a version more, and the names that it brings.
static void live_on(Engine& engine, std::uint64_t chains, std::uint64_t version,
                    Chain (*stage)(Chain)) {
    std::uint64_t batch = engine.standing(0)->last_batch;
    for (std::uint64_t n = 1; n <= chains;) {
        Changes changes;
        changes.batch = {0, ++batch};
        for (; n <= chains && changes.chains.size() < 20'000; ++n) {
            changes.chains.push_back(
                {version, {}, std::make_shared<const Chain>(stage(nth_chain(n)))});
            const Chain& after = *changes.chains.back().after;
            for (Name& name : live_names(after)) {
                const bool of_card =
                    name.kind == Name::Kind::iccid || name.kind == Name::Kind::imsi;
                const bool of_device =
                    name.kind == Name::Kind::device || name.kind == Name::Kind::equipment;
                if ((version == 0 && of_card) || (version == 1 && of_device))
                    changes.names.push_back({std::move(name), ChainId{n}, true});
            }
        }
        must(engine.write(changes) == Written::committed);
        must(engine.tidy(false) != Tidied::broken);
    }
}

// A fleet that has lived: registered as cards, bound, in service, and changed once since.
void fill(const std::string& folder, std::uint64_t chains) {
    auto engine = SqliteEngine::open({.folder = folder}).value();
    live_on(*engine, chains, 0, [](Chain card) {
        card.device.reset();
        card.equipment.reset();
        card.holds = {};
        card.observed = {};
        card.exchange = {};
        return card;
    });
    live_on(*engine, chains, 1, [](Chain chain) { return chain; });
    live_on(*engine, chains, 2, [](Chain chain) {
        ++chain.revisions.wish;
        return chain;
    });
}

std::string kept_fleet(const std::string& folder, std::uint64_t chains) {
    const std::string fleet = folder + "/fleet-" + std::to_string(chains);
    if (file_exists(fleet + "/whole")) return fleet;
    std::filesystem::remove_all(fleet);
    must(static_cast<bool>(make_folder(fleet)));
    std::cout << "making a fleet of " << chains << " machines, once" << std::endl;
    fill(fleet, chains);
    must(static_cast<bool>(write_file(fleet + "/whole", "")));
    return fleet;
}

void copy_fleet(const std::string& fleet, const std::string& into) {
    std::filesystem::remove_all(into);
    must(static_cast<bool>(make_folder(into, 0700)));
    std::filesystem::copy_file(database_path(fleet), database_path(into));
}

}  // namespace msp::bench
