// One JSON object that an operator sent, read member by member: a member of another type than was
// asked for is as good as absent.
//
// Values; no threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

class AnswerDocument {
public:
    // Nothing unless the bytes are one JSON object in UTF-8 and nothing more (RFC 8259). Of a name
    // that stands twice the last counts.
    static std::optional<AnswerDocument> parse(std::string_view bytes);

    std::optional<std::string> text(std::string_view name) const;
    std::optional<bool> flag(std::string_view name) const;
    std::optional<std::uint64_t> count(std::string_view name) const;
    std::optional<std::vector<AnswerDocument>> items(std::string_view name) const;
    std::optional<AnswerDocument> part(std::string_view name) const;
    // Free words for people, see words_of(); empty where there are none.
    std::string words(std::string_view name) const;

private:
    struct Content;
    explicit AnswerDocument(std::shared_ptr<const Content> content)
        : content_(std::move(content)) {}

    std::shared_ptr<const Content> content_;
};

// RFC 3986 clause 2.3: everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

// What an operator wrote, cut to so many bytes, without control characters, with "…" for each
// number of six digits or more: it might be a subscriber's.
std::string words_of(const std::string& said, std::size_t most);

}  // namespace msp
