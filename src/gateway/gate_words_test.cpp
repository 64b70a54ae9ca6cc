#include "gateway/gate_words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace msp {

namespace {

DeviceId named(std::string_view text) {
    return DeviceId::parse(text).value();
}

const std::vector<GateOrder>& every_order() {
    static const std::vector<GateOrder> all{
        GateBegin{7},
        GateProvider{PartyId::parse("maker").value(),
                     std::string("\x00\xff key", 6),
                     std::string(64, 'a'),
                     {"mk-", "mx-"}},
        GateProvider{PartyId::parse("poor").value(), {}, {}, {}},
        GateDevice{named("mk-1"), DoorState::active},
        GateDevice{named("-"), DoorState::inactive},
        GateDevice{named("mk-3"), DoorState::stopped},
        GateDevice{named("mk-4"), DoorState::quarantined},
        GateEnd{7, 6},
        GateSet{7, named("mk-1"), DoorState::unbound},
        GateBeat{18'446'744'073'709'551'615ULL, Duration(12)}};
    return all;
}

const std::vector<GateNews>& all_news() {
    static const std::vector<GateNews> all{GateClock{3, 0, Duration(1'000)},
                                           GatePresence{named("mk-1"), 1, "[::1]:9"},
                                           GatePresence{named("mk-1"), 1, std::nullopt}};
    return all;
}

template <class Line>
std::string message(const std::vector<Line>& lines) {
    std::string out;
    for (const Line& one : lines) out += line_of(one);
    return out;
}

}  // namespace

TEST_CASE("What the platform says to a gate is read as it was meant, one line or many") {
    CHECK(read_gate_orders(message(every_order())) == every_order());
    for (const GateOrder& one : every_order())
        CHECK(read_gate_orders(line_of(one)) == std::vector{one});
    CHECK(read_gate_orders("") == std::vector<GateOrder>{});
    CHECK(line_of(every_order()[1]) ==
          "provider maker 00ff206b6579 " + std::string(64, 'a') + " mk- mx-\n");
}

TEST_CASE("What a gate says is read as it was meant") {
    CHECK(read_gate_news(message(all_news())) == all_news());
    for (const GateNews& one : all_news()) CHECK(read_gate_news(line_of(one)) == std::vector{one});
}

TEST_CASE("A line that is cut anywhere, or has a word too many, spoils its message") {
    for (const GateOrder& one : every_order()) {
        const std::string line = line_of(one);
        CAPTURE(line);
        CHECK_FALSE(read_gate_orders("begin 7\n" + line.substr(0, line.size() - 1)));
        for (std::size_t cut = 1; cut + 1 < line.size(); ++cut)
            if (const auto read = read_gate_orders(line.substr(0, cut) + "\n"))
                CHECK(message(*read) == line.substr(0, cut) + "\n");
        CHECK_FALSE(read_gate_orders(line.substr(0, line.size() - 1) + " *\n"));
        CHECK_FALSE(read_gate_orders(" " + line));
        CHECK_FALSE(read_gate_orders("\n" + line));
    }
}

TEST_CASE("What is not understood is not read") {
    for (const char* wrong :
         {"open\n", "begin\n", "begin -1\n", "begin 07\n", "begin 18446744073709551616\n",
          "begin 7 \n", "begin  7\n", "device mk-1 on\n", "device m/1 active\n", "set 7 mk-1\n",
          "set x mk-1 active\n", "provider maker 0 - mk-\n", "provider maker 0G - mk-\n",
          "provider maker - ab mk-\n", "provider Maker - - mk-\n", "provider maker - - m#\n",
          "beat 1 9223372036854775808\n", "clock 1 2 3\n"}) {
        CAPTURE(wrong);
        CHECK_FALSE(read_gate_orders(wrong));
    }
    for (const char* wrong : {"clock 1 2\n", "connected mk-1 1\n", "disconnected mk-1 1 peer\n",
                              "connected mk+1 1 peer\n", "begin 7\n"}) {
        CAPTURE(wrong);
        CHECK_FALSE(read_gate_news(wrong));
    }
}

}  // namespace msp
