#include "store/closed_store.hpp"

#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_archive.hpp"
#include "store/sqlite/sqlite_engine.hpp"
#include "world/files.hpp"

namespace msp {

Result<ClosedStore, Failure> open_closed_store(const std::string& folder) {
    if (!file_exists(database_path(folder)))
        return Failure{Failure::Kind::unreachable, "there is no database in " + folder};
    auto engine = SqliteEngine::open({.folder = folder, .checkpoints_beside = false});
    if (!engine) return engine.reason();
    auto archive = SqliteArchive::open(folder);
    if (!archive) return archive.reason();
    return ClosedStore{std::move(engine).value(), std::move(archive).value()};
}

}  // namespace msp
