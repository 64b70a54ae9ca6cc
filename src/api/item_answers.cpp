#include "api/item_answers.hpp"

#include "access/json.hpp"

#include <algorithm>

namespace msp {

void ItemAnswers::add(std::span<const ItemAnswer> items) {
    for (const ItemAnswer& item : items) {
        ++(item.refusal ? refused_ : item.changed ? changed_ : unchanged_);
        if (shown_.size() < shown_most) {
            shown_.push_back(item);
        } else if (item.refusal) {
            const auto better = std::find_if(shown_.rbegin(), shown_.rend(),
                                             [](const ItemAnswer& one) { return !one.refusal; });
            if (better != shown_.rend()) *better = item;
        }
    }
}

static void write_item(JsonWriter& json, const ItemAnswer& item) {
    json.open_object().member("item", item.item);
    if (!item.refusal) {
        json.member("result", item.changed ? "changed" : "unchanged").close_object();
        return;
    }
    const RefusalEntry& entry = entry_of(item.refusal->code);
    json.member("result", "refused")
        .member("code", entry.word)
        .member("detail", item.refusal->detail.empty() ? entry.sentence
                                                       : std::string_view(item.refusal->detail))
        .member("hint", entry.hint)
        .close_object();
}

std::string ItemAnswers::json() const {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("changed", changed_)
        .member("unchanged", unchanged_)
        .member("refused", refused_)
        .name("items")
        .open_array();
    for (const ItemAnswer& item : shown_) write_item(json, item);
    json.close_array().close_object();
    return out;
}

}  // namespace msp
