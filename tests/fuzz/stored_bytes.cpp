#include "tests/fuzz/targets.hpp"

#include "store/codec.hpp"
#include "store/event_page.hpp"

namespace msp::fuzz {

void take_stored_bytes(std::string_view bytes) {
    if (const auto chain = decode_chain(bytes)) {
        const auto again = decode_chain(encode(*chain));
        assert(again && *again == *chain);
    }
    if (const auto answer = decode_answer(bytes)) {
        const auto again = decode_answer(encode(*answer));
        assert(again && *again == *answer);
    }
    const auto page = EventPage::open(bytes);
    if (!page) return;
    for (std::size_t i = 0; i < page->size(); ++i) {
        (void)page->event(i);
        (void)page->previous(i);
    }
    (void)page->numbers(PartyId::parse("acme").value());
}

}  // namespace msp::fuzz
