// Reads the parameters of a query and collects what is wrong with them, so that one answer names
// all faults. A value for one request.
#pragma once

#include "api/target.hpp"
#include "domain/identity.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

class QueryReader {
public:
    explicit QueryReader(const Query& query) : query_(query) {}

    std::optional<std::string> text(std::string_view name) const;
    std::string required(std::string_view name);
    std::optional<std::string> one_of(std::string_view name,
                                      std::initializer_list<std::string_view> words);
    std::optional<bool> flag(std::string_view name);  // true, false
    std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least,
                                        std::uint64_t most);
    std::optional<Duration> duration(std::string_view name, Duration most);  // 5s, 500ms

    template <AnIdentifier Id>
    std::optional<Id> identifier(std::string_view name) {
        const auto given = query_.find(name);
        return given ? kept(name, Id::parse(*given)) : std::nullopt;
    }
    template <AnIdentifier Id>
    std::optional<Id> identifier(std::string_view name, CheckDigit policy) {
        const auto given = query_.find(name);
        return given ? kept(name, Id::parse(*given, policy)) : std::nullopt;
    }

    void refuse(std::string_view name, std::string_view code, std::string_view detail);
    // All that is wrong; nothing: it is fine.
    std::optional<Problem> problem() const;

private:
    template <AnIdentifier Id>
    std::optional<Id> kept(std::string_view name, const Result<Id, IdentityError>& parsed) {
        if (parsed) return *parsed;
        refuse(name, parsed.reason().code, parsed.reason().sentence + " " + parsed.reason().hint);
        return std::nullopt;
    }

    const Query& query_;
    std::vector<ProblemError> errors_;
};

}  // namespace msp
