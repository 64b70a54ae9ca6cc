#include "store/sqlite/sqlite_reader.hpp"

#include <utility>

namespace msp {

SqliteReader::SqliteReader(std::unique_ptr<SqliteArchive> archive, Loop& loop)
    : archive_(std::move(archive)), worker_(loop) {}

void SqliteReader::read(Job job, std::function<void(Result<Done, Failure>)> done) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        first = waiting_.empty();
        waiting_.push_back({std::move(job), std::move(done)});
    }
    if (first) worker_.post([this] { return run(); });
}

std::shared_ptr<SqliteReader::Batch> SqliteReader::take() {
    const std::lock_guard lock(mutex_);
    return std::make_shared<Batch>(std::exchange(waiting_, {}));
}

Worker::Completion SqliteReader::run() {
    const std::shared_ptr<Batch> batch = take();
    archive_->begin();
    for (const Waiting& one : *batch) one.job(*archive_);
    const Result<Done, Failure> read = archive_->end();
    return [batch, read] {
        for (const Waiting& one : *batch) one.done(read);
    };
}

}  // namespace msp
