#include "api/csv_reader.hpp"

#include <algorithm>

namespace msp {

static constexpr std::string_view delimiters = ",;\t";

static bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}

// The delimiter that a record has most of outside quotation marks; a comma if it has none.
static char most_frequent_delimiter(std::string_view record) {
    std::size_t counts[delimiters.size()] = {};
    bool quoted = false;
    for (const char c : record) {
        if (c == '"') quoted = !quoted;
        const std::size_t which = delimiters.find(c);
        if (!quoted && which != std::string_view::npos) ++counts[which];
    }
    return delimiters[static_cast<std::size_t>(
        std::max_element(std::begin(counts), std::end(counts)) - std::begin(counts))];
}

void CsvReader::feed(std::string_view bytes) {
    compact();
    bytes_ += bytes;
}

void CsvReader::compact() {
    bytes_.erase(0, begin_);
    scan_ -= begin_;
    begin_ = 0;
}

bool CsvReader::is_delimiter(char c) const {
    return delimiter_ ? c == delimiter_ : delimiters.find(c) != std::string_view::npos;
}

// Looks on for the end of the record; scan_ then stands on its line end, or at the end of all.
bool CsvReader::find_end() {
    for (; scan_ < bytes_.size() && !too_long(); ++scan_) {
        const char c = bytes_[scan_];
        if (at_ == At::quoted) {
            if (c == '"') at_ = At::quote_in_quoted;
            const bool second_of_two = c == '\n' && scan_ > begin_ && bytes_[scan_ - 1] == '\r';
            if (is_line_end(c) && !second_of_two) ++lines_inside_;
        } else if (is_line_end(c)) {
            return true;
        } else if (c == '"' && at_ != At::plain) {
            at_ = At::quoted;  // a field begins with it, or it is the second of two
        } else {
            at_ = is_delimiter(c) ? At::field_start : At::plain;
        }
    }
    return !too_long() && finished_ && begin_ < bytes_.size();
}

bool CsvReader::next(CsvRecord& out) {
    skip_line_feed();
    if (skipping_ && !skip_line()) return false;
    const bool whole = find_end();
    if (whole)
        take(out);
    else if (too_long())
        take_too_long(out);
    return whole || skipping_;
}

void CsvReader::take(CsvRecord& out) {
    out.line = line_;
    out.text.assign(bytes_, begin_, scan_ - begin_);
    out.trouble = at_ == At::quoted ? CsvRecord::Trouble::open_quote : CsvRecord::Trouble::none;
    if (!delimiter_) delimiter_ = most_frequent_delimiter(out.text);
    split(out);
    line_ += lines_inside_;
    end_line(scan_ < bytes_.size() ? bytes_[scan_] : '\n');
}

// Goes on behind a line end.
void CsvReader::end_line(char end) {
    begin_ = scan_ = std::min(scan_ + 1, bytes_.size());
    after_cr_ = end == '\r';
    ++line_;
    lines_inside_ = 0;
    at_ = At::field_start;
}

void CsvReader::take_too_long(CsvRecord& out) {
    constexpr std::size_t shown = 200;
    out.line = line_;
    out.text.assign(bytes_, begin_, shown);
    out.fields.clear();
    out.trouble = CsvRecord::Trouble::too_long;
    if (!delimiter_) delimiter_ = ',';
    // From its own first line on: a quotation mark that was never closed costs that line only.
    scan_ = begin_;
    lines_inside_ = 0;
    skipping_ = true;
}

bool CsvReader::skip_line() {
    scan_ = std::min(bytes_.find_first_of("\r\n", scan_), bytes_.size());
    begin_ = scan_;
    if (scan_ == bytes_.size()) return false;
    skipping_ = false;
    end_line(bytes_[scan_]);
    skip_line_feed();
    return true;
}

// A line feed behind a carriage return belongs to the end of line before.
void CsvReader::skip_line_feed() {
    if (!after_cr_ || begin_ == bytes_.size()) return;
    after_cr_ = false;
    if (bytes_[begin_] == '\n') scan_ = ++begin_;
}

// Appends what stands in quotation marks from `at` on; answers where what is behind them begins.
static std::size_t take_quoted(std::string_view text, std::size_t at, std::string& field) {
    while (at < text.size()) {
        const bool quote = text[at] == '"';
        const bool doubled = quote && at + 1 < text.size() && text[at + 1] == '"';
        if (quote && !doubled) return at + 1;
        field += text[at];
        at += doubled ? 2 : 1;
    }
    return at;
}

void CsvReader::split(CsvRecord& out) const {
    const std::string_view text = out.text;
    std::size_t count = 0;
    for (std::size_t at = 0;; ++at) {
        if (count == out.fields.size()) out.fields.emplace_back();
        std::string& field = out.fields[count++];
        field.clear();
        const bool quoted = at < text.size() && text[at] == '"';
        if (quoted) at = take_quoted(text, at + 1, field);
        const std::size_t end = std::min(text.find(delimiter_, at), text.size());
        if (quoted && end > at && out.trouble == CsvRecord::Trouble::none)
            out.trouble = CsvRecord::Trouble::text_behind_quote;
        field.append(text, at, end - at);
        at = end;
        if (at == text.size()) break;
    }
    out.fields.resize(count);
}

}  // namespace msp
