#include "domain/laws.hpp"
#include "main/serve.hpp"
#include "store/closed_store.hpp"

#include <ostream>

namespace msp {

namespace {

std::vector<Chain> whole_fleet(Archive& archive) {
    std::vector<Chain> fleet;
    ChainQuery query;
    query.limit = 10'000;
    for (;;) {
        ChainPage page = archive.chains(query);
        std::move(page.chains.begin(), page.chains.end(), std::back_inserter(fleet));
        if (!page.next) return fleet;
        query.after = *page.next;
    }
}

int check(cli::Invocation& invocation) {
    const auto store = open_closed_store(invocation.value("--data"));
    if (!store)
        return invocation.refuse(cli::exit_failed, store.reason().what,
                                 store.reason().kind == Failure::Kind::unreachable
                                     ? "name the folder that `msp serve --data` uses"
                                     : "stop the platform that uses it, or check a backup of it");
    const std::vector<Chain> fleet = whole_fleet(*store->archive);
    const std::vector<BrokenLaw> broken = broken_laws(fleet);
    for (const BrokenLaw& law : broken)
        invocation.out() << "law " << law.law << " is broken at chain "
                         << static_cast<std::uint64_t>(law.chain) << ": " << law.how << "\n";
    invocation.out() << fleet.size() << " chains checked, " << broken.size() << " laws broken\n";
    return broken.empty() ? cli::exit_done : cli::exit_failed;
}

}  // namespace

void add_check_commands(cli::Commands& commands) {
    commands.push_back({"check",
                        "",
                        {},
                        "check the laws of docs/laws.md over a whole database; nothing is changed",
                        {{"--data", "DIR", "the platform's data folder", true}},
                        {"msp check --data /var/lib/msp"},
                        check});
}

}  // namespace msp
