// Reads of an SQLite database on a thread of their own. Those that wait together share one snapshot.
//
// Threads: the loop's. Destroyed at any time: what waits is dropped.
#pragma once

#include "store/sqlite/sqlite_archive.hpp"
#include "world/worker.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace msp {

class SqliteReader final : public Reader {
public:
    SqliteReader(std::unique_ptr<SqliteArchive>, Loop&);
    void read(Job, std::function<void(Result<Done, Failure>)> done) override;

private:
    struct Waiting {
        Job job;
        std::function<void(Result<Done, Failure>)> done;
    };
    using Batch = std::vector<Waiting>;

    std::shared_ptr<Batch> take();
    Worker::Completion run();

    std::unique_ptr<SqliteArchive> archive_;  // the worker's
    std::mutex mutex_;
    Batch waiting_;
    Worker worker_;  // ends first
};

}  // namespace msp
