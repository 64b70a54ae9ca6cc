#include "notices/type_filter.hpp"

namespace msp {

static std::vector<EventType> types_of(std::string_view words) {
    std::vector<EventType> out;
    const bool many = words.ends_with(".*");
    if (many) words.remove_suffix(1);
    for (std::size_t each = 0; each < event_type_count; ++each) {
        const auto type = static_cast<EventType>(each);
        if (many ? word(type).starts_with(words) : word(type) == words) out.push_back(type);
    }
    return out;
}

Result<TypeFilter, Refusal> TypeFilter::parse(std::span<const std::string> words) {
    TypeFilter out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::vector<EventType> types = types_of(words[i]);
        if (types.empty())
            return Refusal{RefusalCode::invalid, "There is no event type of this name.",
                           "/types/" + std::to_string(i)};
        for (const EventType type : types) out.types_.set(static_cast<std::size_t>(type));
    }
    return out;
}

std::vector<std::string> TypeFilter::words() const {
    std::vector<std::string> out;
    for (std::size_t each = 0; each < event_type_count; ++each)
        if (types_[each]) out.emplace_back(word(static_cast<EventType>(each)));
    return out;
}

}  // namespace msp
