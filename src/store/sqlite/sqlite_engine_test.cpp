#include "store/sqlite/sqlite_engine.hpp"

#include "store/engine_contract.hpp"
#include "store/sealed_history.hpp"
#include "store/sqlite/sqlite_archive.hpp"
#include "world/files.hpp"

#include <doctest/doctest.h>

using namespace msp;

namespace {

class SqliteBed final : public EngineBed {
public:
    explicit SqliteBed(bool beside) : beside_(beside) { open(); }

    Engine& engine() override { return *engine_; }
    void look(const std::function<void(Archive&)>& at) override {
        auto archive = SqliteArchive::open(folder_.path());
        REQUIRE(archive);
        (*archive)->begin();
        at(**archive);
        REQUIRE((*archive)->end());
        const auto check = check_history(folder_.path());  // beside the engine, as it is
        REQUIRE(check);
        REQUIRE(check->faults().empty());
    }
    bool reopen() override {
        engine_.reset();
        open();
        return true;
    }

private:
    // A small log: checkpoints happen all the time.
    void open() {
        auto opened = SqliteEngine::open({.folder = folder_.path(),
                                          .checkpoints_beside = beside_,
                                          .log_most_kib = 64,
                                          .log_idle_kib = 16});
        REQUIRE(opened);
        engine_ = std::move(opened).value();
    }

    TemporaryFolder folder_{"sqlite_engine"};
    bool beside_;
    std::unique_ptr<SqliteEngine> engine_;
};

}  // namespace

TEST_CASE("the SQLite engine keeps the contract of engines, checkpoints in the writer") {
    engine_contract([] { return std::make_unique<SqliteBed>(false); });
}

TEST_CASE("the SQLite engine keeps the contract of engines, checkpoints beside the writer") {
    engine_contract([] { return std::make_unique<SqliteBed>(true); });
}
