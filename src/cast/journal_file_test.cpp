#include "cast/journal_file.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace msp;
using namespace std::chrono_literals;

namespace {

using Order = BookedOrder::What;
using State = SimulatedSubscription::State;

const Time noon{1'000'000ms};

// A process of the operator, with what its journal tells it.
struct Life {
    Life() {
        knobs.kind = OperatorKind::fenced;
        for (const char* reference : {"s1", "s2", "s3", "s4"})
            book.add(reference, std::string("imsi-") + reference);
    }
    explicit Life(const std::string& path) : Life() { REQUIRE(keep_journal(book, path)); }
    BookedOrder accept(const std::string& subscription, Order what, std::uint64_t generation) {
        return book
            .book({.subscription = subscription,
                   .reference = subscription + "-" + std::to_string(generation),
                   .what = what,
                   .generation = generation},
                  knobs)
            .order;
    }
    void order(const std::string& subscription, Order what, std::uint64_t generation) {
        book.execute(accept(subscription, what, generation), knobs, false, noon);
    }
    const SimulatedSubscription& one(const char* reference) { return *book.find(reference); }

    OperatorKnobs knobs;
    OperatorBook book;
};

std::string replaced(std::string line, std::string_view old, std::string_view fresh) {
    const std::size_t at = line.find(old);
    REQUIRE(at != std::string::npos);
    return line.replace(at, old.size(), fresh);
}

}  // namespace

TEST_CASE("an operator that is killed stands as its journal says, and knows what it has done") {
    const TemporaryFolder folder("msp-journal");
    const std::string path = folder.path() + "/journal";
    Life first(path);
    first.order("s1", Order::activate, 3);
    first.order("s2", Order::reclaim, 1);
    first.order("s3", Order::activate, 1);
    first.book.act(*first.book.find("s3"), OperatorBook::Deed::suspend, "", first.knobs, noon);
    first.accept("s4", Order::activate, 1);

    Life second(path);
    CHECK(second.book.journal() == first.book.journal());
    CHECK(second.one("s1").in_service());
    CHECK(second.one("s1").session);
    CHECK(second.one("s2").state == State::terminated);
    CHECK(second.one("s3").suspended);
    CHECK(second.one("s3").change == first.one("s3").change);
    REQUIRE(second.one("s1").orders.size() == 1);
    CHECK(second.one("s1").orders[0].reference == "s1-3");
    CHECK(second.one("s1").orders[0].status == BookedOrder::Status::done);
    CHECK(second.accept("s1", Order::de_activate, 2).code == "stale-generation");
    // Accepted and not done is forgotten, as if it had never come.
    CHECK(second.one("s4").orders.empty());

    second.order("s1", Order::de_activate, 4);
    const Life third(path);
    CHECK(third.book.journal() == second.book.journal());
    CHECK(third.book.journal().size() == first.book.journal().size() + 1);
}

TEST_CASE("a journal that holds something else is refused, with the line at fault") {
    const TemporaryFolder folder("msp-journal");
    const std::string path = folder.path() + "/journal";
    Life(path).order("s1", Order::activate, 1);
    const std::string good = *read_file(path);
    const std::string second = replaced(good, "\"number\":1", "\"number\":2");
    const std::string no_entry = "is no entry of a journal.";
    const std::vector<std::pair<std::string, std::string>> faults{
        {"x\n", no_entry},
        {"{}\n", no_entry},
        {"{\"number\":1}\n", no_entry},
        {"[]\n", no_entry},
        {"\n", no_entry},
        {"no line", no_entry},
        {good.substr(0, good.size() - 1), no_entry},
        {replaced(second, "\"active\"", "\"bogus\""), no_entry},
        {replaced(second, "\"activated\"", "\"nonsense\""), "tells of what no operator does."},
        {replaced(second, "\"s1\"", "\"s9\""),
         "is of a subscription that this operator does not have."},
        {good, "has the number 1, and 2 is next."},
        {replaced(good, "\"number\":1", "\"number\":3"), "has the number 3, and 2 is next."}};
    for (const auto& fault : faults) {
        const std::string& bad = fault.first;
        const std::string why = " line 2 " + std::string(fault.second);
        CAPTURE(bad);
        REQUIRE(write_file(path, good + bad));
        Life life;
        const auto kept = keep_journal(life.book, path);
        REQUIRE_FALSE(kept);
        CHECK(kept.reason().what == path + why);
        CHECK(*read_file(path) == good + bad);
    }
    REQUIRE(write_file(path, good + second));
    CHECK(Life(path).book.journal().size() == 2);
}

TEST_CASE("a last line without its end is cut off, however much of it there is") {
    const TemporaryFolder folder("msp-journal");
    const std::string path = folder.path() + "/journal";
    Life first(path);
    first.order("s1", Order::activate, 1);
    const std::string told = *read_file(path);
    first.order("s2", Order::activate, 1);
    const std::string all = *read_file(path);
    for (std::size_t size = told.size(); size < all.size(); ++size) {
        CAPTURE(size);
        REQUIRE(write_file(path, std::string_view(all).substr(0, size)));
        Life second(path);
        CHECK(second.book.journal().size() == 1);
        CHECK_FALSE(second.one("s2").in_service());
        second.order("s2", Order::activate, 1);
        CHECK(*read_file(path) == all);
    }
}
