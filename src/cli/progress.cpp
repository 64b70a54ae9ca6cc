#include "cli/progress.hpp"

#include <algorithm>
#include <ostream>

namespace msp::cli {

using std::chrono::steady_clock;

Progress::Progress(Invocation& invocation, std::string what, std::int64_t whole)
    : err_(invocation.err()),
      terminal_(invocation.around().terminal_err),
      what_(std::move(what)),
      whole_(std::max<std::int64_t>(whole, 1)),
      told_(steady_clock::now()) {}

void Progress::show(std::int64_t done) {
    const std::int64_t share = std::min<std::int64_t>(done * 100 / whole_, 100);
    if (terminal_) {
        const auto filled = std::size_t(share * 30 / 100);
        err_ << "\r" << what_ << " [" << std::string(filled, '#') << std::string(30 - filled, '.')
             << "] " << share << " %  " << done << " of " << whole_ << std::flush;
        shown_ = true;
        return;
    }
    if (steady_clock::now() - told_ < std::chrono::seconds(5)) return;
    told_ = steady_clock::now();
    err_ << what_ << ": " << done << " of " << whole_ << "\n";
}

void Progress::end() {
    if (shown_) err_ << "\r\x1b[K" << std::flush;
    shown_ = false;
}

}  // namespace msp::cli
