// Reads an SQLite database beside its writer.
//
// Law: a job sees what was committed before it was asked for, and all of one instant; jobs that
// were asked for before a snapshot was taken share it. Completions come to the loop in the order of
// the snapshots.
// Threads: read() on the loop; jobs on threads of its own; destroyed on the loop: jobs that have
// not begun are dropped, and nothing is announced any more.
#pragma once

#include "store/archive.hpp"
#include "store/sqlite/sqlite_archive.hpp"
#include "world/loop.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace msp {

class SqliteReader final : public Reader {
public:
    // Requires: the database in `folder` is open for writing in this process, and stays so.
    static Result<std::unique_ptr<SqliteReader>, Failure> open(const std::string& folder, Loop&,
                                                               std::size_t threads = 2);
    ~SqliteReader() override;

    void read(Job, std::function<void(Result<Done, Failure>)> done) override;

private:
    struct Request {
        Job job;
        std::function<void(Result<Done, Failure>)> done;
    };
    using Requests = std::vector<Request>;

    explicit SqliteReader(Loop& loop) : loop_(loop) {}
    void serve(SqliteArchive&);
    Requests next_requests();

    Loop& loop_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Request> waiting_;
    bool ended_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::vector<std::unique_ptr<SqliteArchive>> archives_;
    std::vector<std::thread> threads_;
};

}  // namespace msp
