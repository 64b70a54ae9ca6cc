#include "store/codec.hpp"

#include "store/drawn_contract.hpp"

#include <doctest/doctest.h>

using namespace msp;

static constexpr std::uint64_t seed = 20'261'124;

static StoredAnswer strange_answer(Random& random) {
    StoredAnswer out{random.token(43), drawn::moment(random), {}};
    Answer& answer = out.answer;
    const auto refusal = [&]() -> std::optional<Refusal> {
        if (drawn::coin(random)) return std::nullopt;
        const auto& entry = refusal_table()[random.below(refusal_table().size())];
        return Refusal{entry.code, random.token(random.below(40)), random.token(random.below(9))};
    };
    answer.refusal = refusal();
    answer.changed = drawn::coin(random);
    answer.text = random.token(random.below(60));
    for (auto chains = random.below(3); chains > 0; --chains)
        answer.chains.push_back(drawn::strange_chain(random, random.below(1'000'000)));
    for (auto items = random.below(5); items > 0; --items)
        answer.items.push_back({random.token(random.below(20)), refusal(), drawn::coin(random)});
    return out;
}

TEST_CASE("a chain that was encoded and decoded is the same chain") {
    SeededRandom random(seed);
    CAPTURE(seed);
    for (int i = 0; i < 20'000; ++i) {
        const Chain strange = drawn::strange_chain(random, random.next() >> random.below(64));
        REQUIRE(decode_chain(encode(strange)) == Result<Chain, Failure>(strange));
        const Chain usual = drawn::usual_chain(random, random.below(1'000'000));
        REQUIRE(decode_chain(encode(usual)) == Result<Chain, Failure>(usual));
    }
}

TEST_CASE("a usual chain takes no more than 180 bytes on average") {
    SeededRandom random(seed);
    std::size_t bytes = 0;
    for (int i = 0; i < 1'000; ++i)
        bytes += encode(drawn::usual_chain(random, random.below(1'000'000))).size();
    MESSAGE("bytes of a usual chain: " << bytes / 1'000);
    CHECK(bytes / 1'000 <= 180);
}

TEST_CASE("a stored answer that was encoded and decoded is the same answer without its errands") {
    SeededRandom random(seed);
    CAPTURE(seed);
    for (int i = 0; i < 5'000; ++i) {
        const StoredAnswer stored = strange_answer(random);
        StoredAnswer with_errands = stored;
        if (!stored.answer.chains.empty()) {
            const Chain& chain = stored.answer.chains.front();
            with_errands.answer.errands.push_back({.chain = chain.id,
                                                   .subscription = chain.subscription,
                                                   .iccid = chain.card.iccid,
                                                   .reference = {}});
        }
        REQUIRE(decode_answer(encode(with_errands)) == Result<StoredAnswer, Failure>(stored));
    }
}

// Whatever comes of damaged bytes: a refusal, or a value that can be written again.
template <class Decode>
static void survives_damage(const std::string& whole, Decode decode) {
    for (std::size_t size = 0; size < whole.size(); ++size)
        REQUIRE_FALSE(decode(std::string_view(whole).substr(0, size)));
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        std::string flipped = whole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        if (const auto value = decode(flipped)) REQUIRE(decode(encode(*value)) == value);
    }
    REQUIRE_FALSE(decode(whole + '\0'));
}

TEST_CASE("no truncation and no flipped bit of a chain or an answer does more than be refused") {
    SeededRandom random(seed);
    CAPTURE(seed);
    for (int i = 0; i < 200; ++i) {
        survives_damage(encode(drawn::strange_chain(random, random.below(1'000'000))),
                        decode_chain);
        if (i < 50) survives_damage(encode(strange_answer(random)), decode_answer);
    }
}

TEST_CASE("a chain is written as version 2 only where an operator's name for an order is in it") {
    SeededRandom random(seed);
    Chain chain = drawn::usual_chain(random, 7);
    CHECK(encode(chain)[0] == 1);
    chain.exchange.in_flight = InFlight{.order = Order::activate,
                                        .generation = 4,
                                        .reference = "r-1",
                                        .since = drawn::moment(random),
                                        .answered = false,
                                        .done = false,
                                        .next_poll = {}};
    const std::string before = encode(chain);
    CHECK(before[0] == 1);
    REQUIRE(decode_chain(before) == Result<Chain, Failure>(chain));
    chain.exchange.in_flight->operator_reference = "request-7";
    const std::string after = encode(chain);
    CHECK(after[0] == 2);
    REQUIRE(decode_chain(after) == Result<Chain, Failure>(chain));
    std::string mistaken = after;
    mistaken[0] = 1;
    CHECK_FALSE(decode_chain(mistaken) == Result<Chain, Failure>(chain));
}

TEST_CASE("what a newer version wrote is refused as such") {
    SeededRandom random(seed);
    std::string chain = encode(drawn::usual_chain(random, 1));
    chain[0] = 3;
    CHECK(decode_chain(chain).reason() == written_by_newer("a chain"));
    std::string answer = encode(strange_answer(random));
    answer[0] = 2;
    CHECK(decode_answer(answer).reason() == written_by_newer("a stored answer"));
}

TEST_CASE("random bytes are refused or decoded, and nothing worse") {
    SeededRandom random(seed);
    CAPTURE(seed);
    for (int i = 0; i < 100'000; ++i) {
        std::string bytes(random.below(120), '\0');
        random.fill(std::as_writable_bytes(std::span(bytes)));
        if (!bytes.empty()) bytes[0] = static_cast<char>(1 + i % 2);
        if (const auto chain = decode_chain(bytes)) REQUIRE(decode_chain(encode(*chain)) == chain);
        (void)decode_answer(bytes);
    }
}
