// Comma-separated values as people's programs write them (RFC 4180), read as the bytes come.
//
// The delimiter is the one of `,` `;` and tab that the first record has most of. Lines end with LF,
// CRLF or CR. A field in quotation marks may hold all three and line ends; a quotation mark inside
// another field is taken as it stands.
//
// Law: what comes out does not depend on how the bytes are cut into pieces. A record is at most
// `record_most` bytes; a longer one is reported and left out, and reading goes on behind its line.
// Whatever the bytes are, reading ends and nothing is lost count of. Threads: one at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct CsvRecord {
    enum class Trouble : unsigned char { none, too_long, open_quote, text_behind_quote };

    std::size_t line = 0;  // on which it begins, from 1
    std::string text;      // as it stands in the file; cut where it is too long
    std::vector<std::string> fields;
    Trouble trouble = Trouble::none;
};

class CsvReader {
public:
    static constexpr std::size_t record_most = 4096;

    void feed(std::string_view bytes);
    void finish() { finished_ = true; }

    // The next record, blank ones too; false: feed more, or, once finished, the end.
    bool next(CsvRecord& out);

    char delimiter() const { return delimiter_; }  // 0: not known before the first record

private:
    enum class At : unsigned char { field_start, plain, quoted, quote_in_quoted };

    bool is_delimiter(char) const;
    bool find_end();
    bool skip_line();
    void skip_line_feed();
    bool too_long() const { return scan_ - begin_ > record_most; }
    void take(CsvRecord& out);
    void take_too_long(CsvRecord& out);
    void end_line(char end);
    void split(CsvRecord& out) const;
    void compact();

    std::string bytes_;      // fed, not yet given out
    std::size_t begin_ = 0;  // of the record
    std::size_t scan_ = 0;   // looked at up to here
    At at_ = At::field_start;
    char delimiter_ = 0;
    std::size_t line_ = 1;          // on which the record begins
    std::size_t lines_inside_ = 0;  // line ends within quotation marks
    bool after_cr_ = false;         // a line feed that comes now belongs to the end before
    bool skipping_ = false;         // behind a record that was too long
    bool finished_ = false;
};

}  // namespace msp
