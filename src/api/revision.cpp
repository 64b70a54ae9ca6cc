#include "api/revision.hpp"

#include <charconv>
#include <cstdlib>
#include <system_error>

namespace msp {

static char letter(Revision revision) {
    switch (revision) {
        case Revision::customer_hold: return 'c';
        case Revision::m2m_sp_hold: return 'h';
        case Revision::wish: return 'w';
    }
    std::abort();
}

std::uint32_t number_of(const Chain& chain, Revision revision) {
    switch (revision) {
        case Revision::customer_hold: return chain.revisions.customer_hold;
        case Revision::m2m_sp_hold: return chain.revisions.m2m_sp_hold;
        case Revision::wish: return chain.revisions.wish;
    }
    std::abort();
}

std::string etag(const Chain& chain, Revision revision) {
    return std::string("\"") + letter(revision) + std::to_string(number_of(chain, revision)) + "\"";
}

Result<IfMatch, Problem> if_match(const HttpRequest& request, Revision revision) {
    const auto given = request.headers.find("If-Match");
    if (!given || *given == "*") return IfMatch();
    std::string_view text = *given;
    const char before[] = {'"', letter(revision)};
    if (text.starts_with(std::string_view(before, 2)) && text.ends_with('"') && text.size() > 3) {
        text = text.substr(2, text.size() - 3);
        std::uint32_t out = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
        if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return IfMatch(out);
    }
    Problem problem;
    problem.status = 400;
    problem.code = "invalid-if-match";
    problem.detail = "If-Match does not hold one ETag of the kind that this call takes.";
    problem.hint = std::string("Send the ETag as it was answered, in the form \"") +
                   letter(revision) + "<number>\".";
    return problem;
}

}  // namespace msp
