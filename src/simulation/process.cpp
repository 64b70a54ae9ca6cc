#include "simulation/process.hpp"

#include "simulation/founding.hpp"
#include "store/memory/memory_store.hpp"

#include <utility>

namespace msp::simulation {

namespace {

// One who asked over the wire, and is told once. What is dropped unanswered closes the connection.
class WireExchange final : public HttpExchange {
public:
    explicit WireExchange(HttpRespond respond) : respond_(std::move(respond)) {}
    ~WireExchange() override {
        if (respond_) respond_(std::nullopt);
    }
    WireExchange(const WireExchange&) = delete;
    WireExchange& operator=(const WireExchange&) = delete;

    void respond(HttpResponse response) override {
        std::exchange(respond_, nullptr)(std::move(response));
    }
    void begin_stream(HttpResponse head) override { respond(std::move(head)); }
    bool write(std::string) override { return false; }
    void end_stream() override {}

private:
    HttpRespond respond_;
};

}  // namespace

Process::Process(const Surroundings& around, unsigned number, std::uint64_t seed)
    : around_(around), number_(number), host_(host_of_node(number)), random_(seed) {}

Process::~Process() {
    if (node_) kill();
}

void Process::start() {
    if (node_) return;
    const auto most = static_cast<std::uint64_t>(around_.storm.process.clock_wrong_most.count());
    const auto wrong = static_cast<Duration::rep>(random_.below(2 * most + 1));
    const Duration off = Duration(wrong - static_cast<Duration::rep>(most));
    if (off != Duration::zero()) around_.sometimes.reached(Rare::clock_was_wrong);
    around_.story.tell([&] {
        return "* " + host_ + " starts, its clock " + std::to_string(off.count()) + " ms off";
    });
    open(around_.epoch + around_.schedule.now() + off);
    node_->start([this](const Result<Done, Failure>& started) {
        if (started) return serve();
        around_.story.tell([&] { return "* " + host_ + ": " + started.reason().what; });
        store_broke();
    });
}

void Process::open(Time wall) {
    loops_.push_back(
        std::make_unique<ProcessLoop>(around_.schedule, random_.next(), wall, around_.storm.gait));
    ProcessLoop& loop = *loops_.back();
    chance_ = std::make_unique<SeededRandom>(random_.next());
    operator_client_ = std::make_unique<WireClient>(around_.wire, loop, host_);
    operator_streams_ = std::make_unique<DirectStreams>(loop);
    webhook_client_ = std::make_unique<WireClient>(around_.wire, loop, host_);
    engine_ = std::make_unique<WatchedEngine>(
        around_.engine,
        WatchedEngine::Surroundings{around_.schedule, around_.witness, around_.sometimes,
                                    around_.storm.store, around_.tally, around_.epoch,
                                    [this](const Changes& changes) { committed(changes); }},
        random_.next());
    const Lane lane{number_, around_.storm.nodes + 1};
    Standing standing = engine_->standing(number_).value();
    store_ =
        std::make_unique<SteppedStore>(*engine_, loop, lane, standing, [this] { store_broke(); });
    reader_ = std::make_unique<MemoryReader>(around_.engine.content(), loop);
    NodeSettings settings{.webhook_guard = std::make_shared<const AddressGuard>(AddressRules{}),
                          .deliveries = {},
                          .api = {}};
    settings.api.lanes = around_.storm.nodes + 1;
    node_ = std::make_unique<Node>(
        NodeWindows{.loop = loop,
                    .log = log_,
                    .random = *chance_,
                    .metrics = metrics_,
                    .operator_client = *operator_client_,
                    .operator_streams = *operator_streams_,
                    .webhook_client = *webhook_client_,
                    .store = *store_,
                    .reader = *reader_,
                    .due = std::move(standing.due),
                    .keep_staff_token = [](const auto&) -> Result<Done, Failure> {
                        return Failure{Failure::Kind::broken, "the world is founded already"};
                    }},
        std::move(settings));
}

void Process::serve() {
    around_.wire.listen(host_, *loops_.back(), [this](HttpRequest request, HttpRespond respond) {
        auto exchange = std::make_shared<WireExchange>(std::move(respond));
        if (node_) node_->handle(std::move(request), std::move(exchange));
    });
}

// The worst moment to stand still in: the order is on record, and not on its way.
void Process::committed(const Changes& changes) {
    for (const ChainChange& change : changes.chains) {
        const Exchange& exchange = change.after->exchange;
        if (exchange.awaiting != Awaiting::order || exchange.in_flight->answered) continue;
        if (random_.unit() >= around_.storm.process.stops_at_order) continue;
        const auto most = static_cast<std::uint64_t>(around_.storm.process.paused_most.count());
        around_.sometimes.reached(Rare::paused_between_commit_and_sending);
        pause(Duration(static_cast<Duration::rep>(random_.below(most + 1))));
    }
}

// As a real process does: it ends, and somebody starts it again.
void Process::store_broke() {
    const std::uint64_t incarnation = loops_.size();
    around_.schedule.after(Duration(1), [this, incarnation] {
        if (incarnation != loops_.size()) return;
        kill();
        around_.schedule.after(Duration(500), [this, incarnation] {
            if (incarnation == loops_.size()) start();
        });
    });
}

// In the order in which a process takes itself apart, but that nothing is finished.
void Process::kill() {
    if (!node_) return;
    around_.story.tell([&] { return "* " + host_ + " is killed"; });
    around_.wire.close(host_);
    loops_.back()->die();
    node_.reset();
    reader_.reset();
    store_.reset();
    engine_.reset();
    webhook_client_.reset();
    operator_client_.reset();
}

void Process::pause(Duration span) {
    if (!node_) return;
    around_.story.tell(
        [&] { return "* " + host_ + " stands still for " + std::to_string(span.count()) + " ms"; });
    loops_.back()->pause(span);
}

}  // namespace msp::simulation
