#include "store/sqlite/sqlite_reader.hpp"

#include "world/thread_name.hpp"

#include <algorithm>
#include <utility>

namespace msp {

// Enough to share the price of a snapshot, few enough that one thread does not take them all.
static constexpr std::size_t share_most = 16;

Result<std::unique_ptr<SqliteReader>, Failure> SqliteReader::open(const std::string& folder,
                                                                  Loop& loop, std::size_t threads) {
    std::unique_ptr<SqliteReader> reader(new SqliteReader(loop));
    for (std::size_t i = 0; i < threads; ++i) {
        auto archive = SqliteArchive::open(folder);
        if (!archive) return archive.reason();
        reader->archives_.push_back(std::move(archive).value());
    }
    for (const auto& archive : reader->archives_)
        reader->threads_.emplace_back([self = reader.get(), &archive] {
            name_thread("msp reader");
            self->serve(*archive);
        });
    return reader;
}

SqliteReader::~SqliteReader() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void SqliteReader::read(Job job, std::function<void(Result<Done, Failure>)> done) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({std::move(job), std::move(done)});
    }
    changed_.notify_one();
}

// Empty: it is over.
SqliteReader::Requests SqliteReader::next_requests() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    Requests out;
    while (!ended_ && !waiting_.empty() && out.size() < share_most) {
        out.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return out;
}

void SqliteReader::serve(SqliteArchive& archive) {
    for (Requests requests = next_requests(); !requests.empty(); requests = next_requests()) {
        archive.begin();
        for (const Request& request : requests) request.job(archive);
        const Result<Done, Failure> outcome = archive.end();
        auto told = std::make_shared<Requests>(std::move(requests));
        loop_.post([alive = std::weak_ptr(alive_), told, outcome] {
            if (alive.expired()) return;
            for (const Request& request : *told) request.done(outcome);
        });
    }
}

}  // namespace msp
