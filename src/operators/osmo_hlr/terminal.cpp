#include "operators/osmo_hlr/terminal.hpp"

#include <utility>

namespace msp {

HlrTerminal::HlrTerminal(Loop& loop, StreamDialer& dialer, SocketAddress where,
                         std::size_t longest_print)
    : loop_(loop), dialer_(dialer), where_(std::move(where)), longest_(longest_print) {}

HlrTerminal::~HlrTerminal() {
    while (!prints_.empty())
        end(prints_.begin()->first, Failure{Failure::Kind::unknown, "no-answer"});
}

void HlrTerminal::print(Duration timeout, Done done) {
    const Number number = ++last_;
    const auto timer = loop_.after(timeout, [this, number] {
        const bool open = prints_.at(number).open;
        end(number, open ? Failure{Failure::Kind::unknown, "no-answer"}
                         : Failure{Failure::Kind::unreachable, "not-connected"});
    });
    Print& one =
        prints_
            .emplace(number,
                     Print{{}, false, SubscriberListReader(longest_), std::move(done), timer})
            .first->second;
    one.stream =
        dialer_.dial(where_, {[this, number] {
                                  Print& opened = prints_.at(number);
                                  opened.open = true;
                                  opened.stream->send(ask_for_subscribers);
                              },
                              [this, number](std::string_view bytes) { received(number, bytes); },
                              [this, number](const Failure& why) { end(number, why); }});
}

void HlrTerminal::received(Number number, std::string_view bytes) {
    SubscriberListReader& reader = prints_.at(number).reader;
    reader.take(bytes);
    if (reader.result()) end(number, *reader.result());
}

// A turn of its own: who is answered may end this.
void HlrTerminal::end(Number number, const Result<SubscriberList, Failure>& result) {
    auto one = prints_.extract(number);
    loop_.cancel(one.mapped().timer);
    loop_.post([done = std::move(one.mapped().done), result] { done(result); });
}

}  // namespace msp
