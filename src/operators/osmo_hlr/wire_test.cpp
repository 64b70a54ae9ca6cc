// The bytes of OsmoHLR 1.5.0 and OsmoSGSN 1.9.0 as they were recorded, and what is none of them.
#include "operators/osmo_hlr/ctrl_message.hpp"
#include "operators/osmo_hlr/gsup_message.hpp"
#include "operators/osmo_hlr/ipa_frame.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace msp;
using namespace std::string_literals;

namespace {

// "00 28 ee" as bytes.
std::string bytes_of(std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); ++i) {
        if (hex[i] == ' ') continue;
        out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
        ++i;
    }
    return out;
}

std::vector<IpaFrame> frames_of(std::string_view bytes, std::size_t step) {
    IpaCutter cutter(1'000);
    std::vector<IpaFrame> out;
    for (std::size_t i = 0; i < bytes.size(); i += step) {
        cutter.take(bytes.substr(i, step));
        while (auto frame = cutter.next()) out.push_back(*std::move(frame));
    }
    return out;
}

std::string body_of(std::string_view hex) {
    const auto frames = frames_of(bytes_of(hex), 1'000);
    REQUIRE(frames.size() == 1);
    return frames[0].body;
}

constexpr std::string_view barring =
    "00 36 ee 00 53 45 54 20 37 20 73 75 62 73 63 72 69 62 65 72 2e 62 79 2d 69 6d 73 69 2d 34 36 "
    "30 30 "
    "33 30 39 31 32 31 32 31 30 30 31 2e 70 73 2d 65 6e 61 62 6c 65 64 20 30";
constexpr std::string_view barred =
    "00 3d ee 00 53 45 54 5f 52 45 50 4c 59 20 37 20 73 75 62 73 63 72 69 62 65 72 2e 62 79 2d 69 "
    "6d 73 "
    "69 2d 34 36 30 30 33 30 39 31 32 31 32 31 30 30 31 2e 70 73 2d 65 6e 61 62 6c 65 64 20 4f 4b";
constexpr std::string_view kick =
    "00 33 ee 05 14 01 08 64 00 03 19 12 72 00 f1 28 01 01 60 09 4d 53 50 2d 4d 4e 4f 50 00 61 17 "
    "53 47 "
    "53 4e 2d 30 30 2d 30 30 2d 30 30 2d 30 30 2d 30 30 2d 30 30 00";
constexpr std::string_view who_are_you =
    "00 11 fe 04 01 08 01 07 01 02 01 03 01 04 01 05 01 01 01 00";

}  // namespace

TEST_CASE("A request to CTRL is the bytes that were recorded") {
    const CtrlRequest bar{CtrlRequest::Verb::set, "subscriber.by-imsi-460030912121001.ps-enabled",
                          "0"};
    CHECK(encode(bar, 7) == bytes_of(barring));
    const CtrlRequest create{CtrlRequest::Verb::set, "subscriber.create", "460030912121001"};
    CHECK(encode(create, 1) ==
          bytes_of(
              "00 28 ee 00 53 45 54 20 31 20 73 75 62 73 63 72 69 62 65 72 2e 63 72 65 61 74 65 20 "
              "34 36 30 30 33 30 39 31 32 31 32 31 30 30 31"));
}

TEST_CASE("A reply of CTRL names its request, its variable and its value") {
    const auto reply = decode_ctrl(body_of(barred));
    CHECK(reply == CtrlReply{7, CtrlReply::Kind::value,
                             "subscriber.by-imsi-460030912121001.ps-enabled", "OK"});
    CHECK(decode_ctrl("ERROR 5 An error has occurred.") ==
          CtrlReply{5, CtrlReply::Kind::error, "", "An error has occurred."});
    CHECK(decode_ctrl("GET_REPLY 1 subscriber-list-active-v1 ")->value.empty());
}

TEST_CASE("What is no reply of CTRL is none") {
    for (const char* text :
         {"", " ", "ERROR", "ERROR err Request type unknown", "GET_REPLY", "GET_REPLY 1",
          "GET_REPLY 1 ", "GET_REPLY x a b", "GET_REPLY -1 a b", "GET_REPLY 0 a b",
          "GET_REPLY 99999999999 a b", "TRAP 1 a b", "SET 1 a b"})
        CHECK_FALSE(decode_ctrl(text));
}

TEST_CASE("A subscriber's record is read by its names") {
    const std::string_view info =
        "\nid\t1\nimsi\t460030912121001\nnam_cs\t1\nnam_ps\t0\nsgsn_number\tSGSN-00-00-00-00-00-"
        "00\n"
        "ms_purged_cs\t0\nlmsi\t00000000";
    CHECK(decode_record(info) == HlrRecord{"0", "1", "SGSN-00-00-00-00-00-00", ""});
    CHECK(decode_record("") == HlrRecord{});
    CHECK(decode_record("nam_ps") == HlrRecord{});
}

TEST_CASE("A session is a whole identifier with an address") {
    const std::string_view list =
        "460030912127001,IPv4 10.45.0.2\n460030912127003,\r\n460030912127002,IPv4 10.45.0.3\r\n";
    CHECK(lists_session(list, "460030912127001"));
    CHECK(lists_session(list, "460030912127002"));
    CHECK_FALSE(lists_session(list, "460030912127003"));
    CHECK_FALSE(lists_session(list, "46003091212700"));
    CHECK_FALSE(lists_session("", "460030912127001"));
}

TEST_CASE("The message that ends a session is the bytes that were recorded, and is read back") {
    const GsupMessage message =
        end_packet_session("460030912127001", "MSP-MNOP", "SGSN-00-00-00-00-00-00");
    CHECK(encode(message) == bytes_of(kick));
    CHECK(decode_gsup(body_of(kick)) == message);
}

TEST_CASE("A withdrawal says so, and for which domain") {
    const GsupMessage message = withdraw_circuit("26207000000001", "A", "B");
    CHECK(
        encode(message) ==
        bytes_of(
            "00 19 ee 05 1c 01 07 62 02 07 00 00 00 10 06 01 01 28 01 02 60 02 41 00 61 02 42 00"));
    CHECK(decode_gsup(encode(message).substr(4)) == message);
}

TEST_CASE("What the HLR could not carry on is recognised") {
    const auto message = decode_gsup(
        bytes_of("4e 01 08 64 00 03 19 12 72 00 f1 02 01 00 60 02 42 00 61 02 41 00 0a 01 05"));
    REQUIRE(message);
    CHECK(message->type == GsupMessage::Type::routing_error);
    CHECK(message->imsi == "460030912127001");
    CHECK(message->cause == 0);
}

TEST_CASE("What is no message of GSUP is none, however it is cut off") {
    const std::string whole = body_of(kick);
    std::size_t readable = 0;
    for (std::size_t i = 0; i < whole.size(); ++i)
        readable += bool(decode_gsup(whole.substr(0, i)));
    CHECK(readable == 3);  // where an element ends, behind the IMSI
    for (const char* hex :
         {"", "14", "14 01", "14 01 ff 00", "14 01 00", "14 01 01 ab", "14 01 01 fa", "14 28 01 01",
          "14 01 01 f1 28 01 03", "14 01 01 f1 28 00", "14 01 01 f1 02 00"})
        CHECK_FALSE(decode_gsup(bytes_of(hex)));
}

TEST_CASE("A peer of the HLR says who it is and answers pings") {
    const auto frames = frames_of(bytes_of(who_are_you), 3);
    REQUIRE(frames.size() == 1);
    CHECK(asks_who_we_are(frames[0]));
    CHECK(answer_to_connection(frames[0], "SGSN-FAKE") ==
          bytes_of("00 24 fe 05 00 0b 00 53 47 53 4e 2d 46 41 4b 45 00 00 0b 01 53 47 53 4e 2d 46 "
                   "41 4b 45 "
                   "00 00 07 08 30 2f 30 2f 30 00"));
    CHECK(answer_to_connection({IpaProtocol::connection, {'\0'}}, "A") == bytes_of("00 01 fe 01"));
    CHECK(answer_to_connection({IpaProtocol::connection, "\6"}, "A").empty());
    CHECK(answer_to_connection({IpaProtocol::connection, ""}, "A").empty());
    CHECK(answer_to_connection({IpaProtocol::gsup, {'\0'}}, "A").empty());
}

TEST_CASE("However bytes are cut, the same frames come out") {
    const std::string bytes = bytes_of(barred) + bytes_of(who_are_you) + bytes_of(kick) +
                              bytes_of("00 00 ee") + bytes_of("00 02 17 41 42");
    const auto whole = frames_of(bytes, bytes.size());
    REQUIRE(whole.size() == 5);
    CHECK(whole[3].protocol == IpaProtocol::other);
    CHECK(whole[4].protocol == IpaProtocol::other);
    for (std::size_t step = 1; step < bytes.size(); ++step) CHECK(frames_of(bytes, step) == whole);
}

TEST_CASE("A frame that is longer than allowed is said at once, and nothing comes after it") {
    IpaCutter cutter(10);
    cutter.take("\x00\x0c\xee"s);
    CHECK_FALSE(cutter.next());
    CHECK(cutter.too_long());
    cutter.take(bytes_of("00 01 fe 00"));
    CHECK_FALSE(cutter.next());
    IpaCutter just(10);
    just.take("\x00\x0b\xee\x00"s + "0123456789");
    CHECK(just.next() == IpaFrame{IpaProtocol::ctrl, "0123456789"});
}
