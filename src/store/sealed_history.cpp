#include "store/sealed_history.hpp"

#include "store/sqlite/database.hpp"
#include "store/sqlite/history_rows.hpp"
#include "world/files.hpp"

#include <utility>

namespace msp {

Result<HistoryCheck, Failure> check_history(const std::string& folder,
                                            const std::vector<LaneHead>& heads) {
    if (!file_exists(database_path(folder)))
        return Failure{Failure::Kind::unreachable, "there is no database in " + folder};
    auto opened = open_beside(folder);
    if (!opened) return opened.reason();
    auto begun = begin_history_check(**opened, heads);
    if (!begun) return begun;
    HistoryCheck check = std::move(begun).value();
    if (const auto done = run_history_check(**opened, check); !done) return done.reason();
    return check;
}

}  // namespace msp
