#include "notices/delivery_log.hpp"

#include "notices/stage_test.hpp"

using namespace msp;
using namespace msp::stage;
using namespace std::chrono_literals;

namespace {

constexpr Time noon{Duration(1'767'225'600'000)};

LogLine line(std::uint64_t number, DeliveryState state, Time at = noon) {
    const bool delivered = state == DeliveryState::delivered;
    return {.number = number,
            .event_id = "0-" + std::to_string(number),
            .type = EventType::device_bound,
            .attempt = {.at = at,
                        .took = Duration(7),
                        .status = delivered ? 204 : 500,
                        .error = delivered ? "" : "It failed.",
                        .by_hand = false},
            .settled = SettledAs{state, delivered ? std::nullopt : std::optional(at + 5s)}};
}

// Writes lines into the log of an endpoint, as a delivery does.
void keep(Stage& stage, const Endpoint& endpoint, std::vector<LogLine> lines) {
    const auto stored =
        stage.look([&](Archive& archive) { return read_progress(archive, endpoint); });
    const Answer answer = stage.run(flow_command(KeepProgress{.id = endpoint.id,
                                                              .over = stored.record,
                                                              .progress = stored.progress,
                                                              .stuck = {},
                                                              .free = {},
                                                              .log = std::move(lines)}));
    REQUIRE_FALSE(answer.refusal);
}

std::vector<std::uint64_t> numbers(Stage& stage, DeliveryQuery query) {
    std::vector<std::uint64_t> out;
    for (;;) {
        const DeliveryPage page =
            stage.look([&](Archive& archive) { return read_deliveries(archive, query); });
        CHECK(page.deliveries.size() <= query.limit);
        for (const Delivery& delivery : page.deliveries) out.push_back(delivery.number);
        if (!page.next) return out;
        query.before = *page.next;
    }
}

}  // namespace

TEST_CASE("a leaf of the log is written and read back, and damage is noticed") {
    LogLeaf leaf;
    for (std::uint64_t number : {64u, 70u, 127u})
        write_down(leaf, line(number, DeliveryState::dead));
    write_down(leaf, line(70, DeliveryState::delivered));
    const std::string bytes = encode(leaf);
    CHECK(decode_log_leaf(bytes) == leaf);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        CHECK_FALSE(decode_log_leaf(std::string_view(bytes).substr(0, cut)));
    CHECK_FALSE(decode_log_leaf(bytes + "x"));
}

TEST_CASE("attempts of a delivery are kept in order, the last twenty of them") {
    LogLeaf leaf;
    for (int i = 0; i < 30; ++i)
        write_down(leaf, line(5, DeliveryState::retrying, noon + Duration(i)));
    const Delivery& delivery = leaf.at(5);
    CHECK(delivery.attempts_made == 30);
    REQUIRE(delivery.attempts.size() == 20);
    CHECK(delivery.attempts.front().at == noon + Duration(10));
    CHECK(delivery.attempts.back().at == noon + Duration(29));
    CHECK(delivery.due == noon + Duration(29) + 5s);
}

TEST_CASE("what was sent by hand in vain leaves the delivery as it was") {
    LogLeaf leaf;
    LogLine by_hand = line(5, DeliveryState::retrying);
    by_hand.settled.reset();
    write_down(leaf, by_hand);
    CHECK(leaf.at(5).state == DeliveryState::dead);  // nobody tries it by itself
    write_down(leaf, line(6, DeliveryState::delivered));
    by_hand.number = 6;
    write_down(leaf, by_hand);
    CHECK(leaf.at(6).state == DeliveryState::delivered);
    CHECK(leaf.at(6).attempts_made == 2);
}

TEST_CASE("deliveries are listed from the newest on, all or those of a state") {
    Stage stage;
    const Endpoint endpoint = stage.create();
    std::vector<LogLine> lines;
    std::vector<std::uint64_t> all, dead;
    for (std::uint64_t i = 0; i < 334; ++i) {
        const std::uint64_t number = 1'000 - 3 * i;
        const bool died = number % 5 == 0;
        lines.push_back(line(number, died ? DeliveryState::dead : DeliveryState::delivered));
        all.push_back(number);
        if (died) dead.push_back(number);
    }
    std::reverse(lines.begin(), lines.end());
    keep(stage, endpoint, lines);
    for (const unsigned limit : {1u, 7u, 64u, 5'000u}) {
        CAPTURE(limit);
        CHECK(numbers(stage, {.endpoint = endpoint.id, .state = {}, .limit = limit}) == all);
        CHECK(numbers(stage,
                      {.endpoint = endpoint.id, .state = DeliveryState::dead, .limit = limit}) ==
              dead);
        CHECK(numbers(stage, {.endpoint = endpoint.id,
                              .state = DeliveryState::delivered,
                              .limit = limit,
                              .leaves_at_most = 1})
                  .size() == all.size() - dead.size());
    }
    CHECK(numbers(stage, {.endpoint = endpoint.id, .state = {}, .before = 500}).front() == 499);
    CHECK(numbers(stage, {.endpoint = endpoint.id, .state = DeliveryState::retrying}).empty());
    CHECK(stage.delivery(endpoint, 10)->state == DeliveryState::dead);
    CHECK_FALSE(stage.delivery(endpoint, 11));

    keep(stage, endpoint, {line(10, DeliveryState::delivered)});
    std::erase(dead, 10u);
    CHECK(numbers(stage, {.endpoint = endpoint.id, .state = DeliveryState::dead}) == dead);
}

TEST_CASE("progress is kept over what stands there, and over nothing else") {
    Stage stage;
    const Endpoint endpoint = stage.create();
    KeepProgress command{
        .id = endpoint.id, .over = "other", .progress = {}, .stuck = {}, .free = {}, .log = {}};
    CHECK(stage.run(flow_command(command)).refusal->code == RefusalCode::revision_stale);
    command.over.reset();
    command.progress.position = 7;
    CHECK_FALSE(stage.run(flow_command(command)).refusal);
    CHECK(stage.run(flow_command(command)).refusal->code == RefusalCode::revision_stale);
    command.id = "wh-none";
    CHECK(stage.run(flow_command(command)).refusal->code == RefusalCode::no_such_webhook);
    CHECK(stage.progress(endpoint).position == 7);
}

TEST_CASE("what nobody tried for 30 days is forgotten, with the marks of its dead letters") {
    Stage stage;
    const Endpoint endpoint = stage.create();
    std::vector<LogLine> lines;
    for (std::uint64_t number = 1; number <= 3'000; ++number)
        lines.push_back(line(number,
                             number % 7 == 0 ? DeliveryState::dead : DeliveryState::delivered,
                             stage.loop.now() + Duration(number * 600'000)));
    keep(stage, endpoint, lines);
    stage.loop.run_for(24h * 31);
    const auto left = numbers(stage, {.endpoint = endpoint.id, .state = {}});
    REQUIRE_FALSE(left.empty());
    CHECK(left.front() == 3'000);
    const Time oldest = lines[left.back() - 1].attempt.at;
    CHECK(stage.loop.now() - oldest < deliveries_kept + 12h);
    CHECK(left.size() > 2'800);
    CHECK(left.size() < 3'000);
    const auto dead = numbers(stage, {.endpoint = endpoint.id, .state = DeliveryState::dead});
    CHECK(dead.back() >= left.back());
    stage.loop.run_for(24h * 60);
    CHECK(numbers(stage, {.endpoint = endpoint.id, .state = {}}).empty());
    CHECK(numbers(stage, {.endpoint = endpoint.id, .state = DeliveryState::dead}).empty());
}
