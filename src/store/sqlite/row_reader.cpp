#include "store/sqlite/row_reader.hpp"

#include "store/codec.hpp"
#include "store/sqlite/kinds.hpp"

#include <charconv>

namespace msp {

RowReader::RowReader(Connection& connection)
    : owner_(connection,
             "SELECT chain, ended FROM name WHERE kind = ? AND scope = ? AND value = ?"
             " ORDER BY ended DESC LIMIT 1"),
      record_(connection,
              "SELECT version, body FROM record WHERE kind = ? AND scope = ? AND value = ?"),
      answer_(connection, "SELECT version, body FROM answer WHERE party = ? AND key = ?"),
      chain_(connection, "SELECT version, newest_entry, body FROM chain WHERE id = ?"),
      chain_exists_(connection, "SELECT 1 FROM chain WHERE id = ?") {}

static std::optional<std::int64_t> chain_number(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

NameOwner RowReader::owner(const Name& name) {
    if (name.kind == Name::Kind::chain) {
        const auto number = chain_number(name.value);
        if (!number || !chain_exists_.query(*number).next()) return {};
        return {ChainId{static_cast<std::uint64_t>(*number)}, true};
    }
    Rows rows = owner_.query(stored_kind(name.kind).number, name.scope, name.value);
    if (!rows.next()) return {};
    return {ChainId{static_cast<std::uint64_t>(rows.number(0))}, rows.number(1) == name_is_live};
}

KeptRecord RowReader::record(const Name& name) {
    if (name.kind == Name::Kind::answer) return kept(answer_.query(name.scope, name.value));
    return kept(record_.query(stored_kind(name.kind).number, name.scope, name.value));
}

KeptRecord RowReader::kept(Rows rows) {
    if (!rows.next()) return {};
    return {std::string(rows.blob(1)), static_cast<std::uint64_t>(rows.number(0))};
}

Result<std::optional<StoredChain>, Failure> RowReader::chain(ChainId id) {
    Rows rows = chain_.query(static_cast<std::uint64_t>(id));
    if (!rows.next()) return std::optional<StoredChain>{};
    auto chain = decode_chain(rows.blob(2));
    if (!chain) return chain.reason();
    return std::optional<StoredChain>{
        StoredChain{std::make_shared<const Chain>(std::move(chain).value()),
                    static_cast<std::uint64_t>(rows.number(0)),
                    EntryId{static_cast<std::uint64_t>(rows.number(1))}}};
}

}  // namespace msp
