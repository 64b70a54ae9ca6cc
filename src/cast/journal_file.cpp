#include "cast/journal_file.hpp"

#include "cast/operator_documents.hpp"
#include "world/log.hpp"

#include <cstdlib>
#include <string_view>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view no_entry = "is no entry of a journal.";

// Whether this is how an entry of that number begins: all that may be cut off.
bool begins_entry(std::string_view torn, std::uint64_t number) {
    JournalEntry entry;
    entry.number = number;
    const std::string line = journal_line(entry);
    const std::string_view head = std::string_view(line).substr(0, line.find(',') + 1);
    return torn.substr(0, head.size()) == head.substr(0, torn.size());
}

Failure at_line(const std::string& path, std::uint64_t line, std::string_view fault) {
    return {Failure::Kind::malformed,
            path + " line " + std::to_string(line) + " " + std::string(fault)};
}

Result<Done, Failure> take_up_line(OperatorBook& book, std::string_view line) {
    const auto entry = read_journal_line(line);
    if (!entry) return Failure{Failure::Kind::malformed, std::string(no_entry)};
    return book.take_up(*entry);
}

Result<Done, Failure> take_up(OperatorBook& book, const std::string& path) {
    const auto content = read_file(path);
    if (!content) return content.reason();
    std::string_view rest = *content;
    std::uint64_t line = 1;
    for (; rest.find('\n') != std::string_view::npos; ++line) {
        const std::size_t end = rest.find('\n');
        if (const auto taken = take_up_line(book, rest.substr(0, end)); !taken)
            return at_line(path, line, taken.reason().what);
        rest.remove_prefix(end + 1);
    }
    if (rest.empty()) return Done{};
    if (!begins_entry(rest, line)) return at_line(path, line, no_entry);
    return shorten_file(path, content->size() - rest.size());
}

[[noreturn]] void end_without(const Failure& failure) {
    make_stderr_log(LogLevel::error)
        ->error(
            "the journal is broken",
            {{"failure", failure.what}, {"next", "make room or mend the disk, then start again"}});
    std::_Exit(EXIT_FAILURE);
}

}  // namespace

Result<Done, Failure> keep_journal(OperatorBook& book, const std::string& path) {
    if (file_exists(path))
        if (const auto taken = take_up(book, path); !taken) return taken.reason();
    auto opened = GrowingFile::open(path);
    if (!opened) return opened.reason();
    book.tell([file = std::shared_ptr(std::move(opened).value())](const JournalEntry& entry) {
        if (const auto kept = file->append(journal_line(entry)); !kept) end_without(kept.reason());
    });
    return Done{};
}

}  // namespace msp
