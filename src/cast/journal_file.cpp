#include "cast/journal_file.hpp"

#include "cast/operator_documents.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace msp {

static Result<Done, Failure> take_up(OperatorBook& book, const std::string& path) {
    const auto content = read_file(path);
    if (!content) return content.reason();
    std::string_view rest = *content;
    for (std::size_t line = 1; !rest.empty(); ++line) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const auto entry = read_journal_line(rest.substr(0, end));
        if (!entry)
            return Failure{Failure::Kind::malformed,
                           path + " line " + std::to_string(line) + " is no entry of a journal."};
        book.take_up(*entry);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return Done{};
}

Result<Done, Failure> keep_journal(OperatorBook& book, const std::string& path) {
    if (file_exists(path))
        if (const auto taken = take_up(book, path); !taken) return taken.reason();
    auto opened = GrowingFile::open(path);
    if (!opened) return opened.reason();
    book.tell([file = std::shared_ptr(std::move(opened).value())](const JournalEntry& entry) {
        if (!file->append(journal_line(entry))) std::abort();
    });
    return Done{};
}

}  // namespace msp
