#include "store/history_head.hpp"

#include "world/signing.hpp"

#include <doctest/doctest.h>

using namespace msp;

namespace {

HistoryHead usual_head() {
    HistoryHead out{*parse_rfc3339("2026-11-29T18:30:00.000Z"), {}};
    out.lanes.push_back({0, entry_id(0, 4711), sha256("a")});
    out.lanes.push_back({1023, entry_id(1023, 1), first_tie});
    return out;
}

}  // namespace

TEST_CASE("a head that is written is read again") {
    const std::string key = make_signing_key();
    for (const HistoryHead& head : {usual_head(), HistoryHead{}}) {
        const auto text = write_head(head, key);
        REQUIRE(text);
        CHECK(read_head(*text, *public_key_of(key)).value() == head);
    }
}

TEST_CASE("a head that was changed anywhere is refused, and so is that of another key") {
    const std::string key = make_signing_key();
    const std::string open = public_key_of(key).value();
    const std::string text = write_head(usual_head(), key).value();
    for (std::size_t i = 0; i < text.size(); ++i)
        for (const int flip : {1, 2, 64}) {
            CAPTURE(i);
            std::string other = text;
            other[i] = static_cast<char>(static_cast<int>(other[i]) ^ flip);
            REQUIRE_FALSE(read_head(other, open));
        }
    for (std::size_t size = 0; size < text.size(); ++size)
        REQUIRE_FALSE(read_head(text.substr(0, size), open));
    CHECK_FALSE(read_head(text, *public_key_of(make_signing_key())));
    CHECK_FALSE(read_head(text, "no key"));
}

TEST_CASE("a head is not written without a key") {
    CHECK_FALSE(write_head(usual_head(), "no key"));
}

// A lane beyond all lanes, or a place in another: signed, and still no head.
TEST_CASE("a head that no platform writes is refused, whoever signed it") {
    const std::string key = make_signing_key();
    HistoryHead head = usual_head();
    head.lanes[0].lane = 1;
    CHECK_FALSE(read_head(*write_head(head, key), *public_key_of(key)));
    head.lanes[0] = {lanes_most, EntryId{lanes_most << position_bits}, {}};
    CHECK_FALSE(read_head(*write_head(head, key), *public_key_of(key)));
}
