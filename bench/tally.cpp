#include "bench/tally.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace msp::bench {

void Tally::count(const std::string& answer, double ms) {
    const std::string_view status = std::string_view(answer).substr(9, 3);
    const bool when_to_return = answer.find("\r\nRetry-After: ") < answer.find("\r\n\r\n");
    if (status.front() == '2') {
        ++good;
        good_ms.push_back(static_cast<float>(ms));
    } else if ((status == "429" || status == "503") && when_to_return) {
        ++told;
        told_ms.push_back(static_cast<float>(ms));
    } else if (untold++ == 0) {
        first_untold = answer;
    }
}

double share_of(std::vector<float> times, double share) {
    if (times.empty()) return 0;
    const auto at = std::min(times.size() - 1, std::size_t(share * double(times.size())));
    std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(at), times.end());
    return double(times[at]);
}

}  // namespace msp::bench
