#include "cli/progress.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

namespace msp::cli {

Progress::Progress(const Invocation& invocation, std::string what, std::int64_t whole)
    : around_(invocation.around()),
      what_(std::move(what)),
      whole_(std::max<std::int64_t>(whole, 1)),
      told_(around_.now()) {}

void Progress::show(std::int64_t done) {
    constexpr std::size_t width = 30;
    if (around_.terminal_err) {
        const std::int64_t share = std::clamp<std::int64_t>(done * 100 / whole_, 0, 100);
        const std::size_t filled = std::size_t(share) * width / 100;
        around_.err << "\r" << what_ << " [" << std::string(filled, '#')
                    << std::string(width - filled, '.') << "] " << share << " %  " << done << " of "
                    << whole_ << std::flush;
        shown_ = true;
        return;
    }
    const auto now = around_.now();
    if (now - told_ < std::chrono::seconds(5)) return;
    told_ = now;
    around_.err << what_ << ": " << done << " of " << whole_ << "\n";
}

void Progress::end() {
    if (std::exchange(shown_, false)) around_.err << "\r\x1b[K" << std::flush;
}

}  // namespace msp::cli
