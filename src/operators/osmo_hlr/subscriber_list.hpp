// OsmoHLR's list of all its subscribers, as its terminal prints it.
//
//   > terminal length 0
//   > show subscribers all
//   ID     MSISDN        IMSI              IMEI              NAM
//   -----  ------------  ----------------  ----------------  -----
//   1      none          262070000000001    -------------    CSPS
//   2      49170111      262070000000002    -------------              (neither domain allowed)
//    Subscribers Shown: 2          or, for none: % No matching subscriber(s)
//
// Between: what was typed, prompts, telnet's own commands. Law: a list is whole, with as many rows
// as it says, or it is none; however its bytes are cut, it is the same.
// Values and pure functions. Source: OsmoHLR 1.5.0 as it runs; the transcript is in the test.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "operators/operator_link.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

// To be sent as it is.
constexpr std::string_view ask_for_subscribers = "terminal length 0\r\nshow subscribers all\r\n";

struct ListedSubscriber {
    std::string imsi;
    std::string access;  // CSPS, CS, PS, or empty: the domains that are allowed
    friend bool operator==(const ListedSubscriber&, const ListedSubscriber&) = default;
};
using SubscriberList = std::vector<ListedSubscriber>;

class SubscriberListReader {
public:
    // More bytes than `longest` are `unknown`.
    explicit SubscriberListReader(std::size_t longest) : longest_(longest) {}

    void take(std::string_view bytes);

    // Nothing: there is more to come. Once there is a result, it stays.
    const std::optional<Result<SubscriberList, Failure>>& result() const { return result_; }

private:
    enum class Telnet : unsigned char { data, command, option, negotiation, negotiation_command };

    bool is_data(char);
    void take_line(std::string_view);
    void take_row(std::string_view);
    void malformed();

    const std::size_t longest_;
    std::size_t taken_ = 0;
    Telnet telnet_ = Telnet::data;
    std::string line_;
    bool within_ = false;  // the heading was printed
    SubscriberList rows_;
    std::optional<Result<SubscriberList, Failure>> result_;
};

// Those after the IMSI `after`, in their order as text, and where to go on.
ListPage page_of(const SubscriberList&, std::string_view after, std::size_t limit);

}  // namespace msp
