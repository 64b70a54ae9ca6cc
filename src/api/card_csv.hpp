// A file of cards as people have it: an export, a spreadsheet, an operator's list.
//
//   ICCID;IMSI;Remark                columns by name, in any order; others are left alone, named
//   89860326041777000193;460031234567719;box 3
//
// Columns: iccid and imsi are needed; msisdn, mdn, eid and reference may be there. What a
// spreadsheet did to a number is said by line, column, reason and, where it can be repaired without
// doubt, suggestion. Two rows of one file never name the same ICCID, IMSI or reference. Bytes may
// be UTF-8, or GB18030 in columns that are not needed.
//
// Law: what comes out does not depend on how the bytes are cut into pieces; parsing the same bytes
// again is the same again. Whatever the bytes are, it ends. Threads: one at a time.
#pragma once

#include "api/csv_reader.hpp"
#include "api/first_lines.hpp"
#include "domain/result.hpp"
#include "provisioning/register_cards.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace msp {

// Why a row, or the whole file (line 0 or 1), cannot be taken.
struct CsvFault {
    std::size_t line = 0;
    std::string column;  // as this page names it; empty: the row as a whole
    std::string code;
    std::string reason;
    std::string suggestion;  // what to put in its place, or to do
    friend bool operator==(const CsvFault&, const CsvFault&) = default;
};

struct CsvWarning {
    std::string code;
    std::string detail;
    friend bool operator==(const CsvWarning&, const CsvWarning&) = default;
};

struct CardLine {
    std::size_t line = 0;
    std::string text;  // as it stands in the file
    std::size_t fields = 0;
    Result<CardRow, CsvFault> row;  // `fresh` is not set
};

class CardCsv {
public:
    static constexpr std::size_t rows_most = 1'000'000;

    CardCsv(CheckDigit policy, std::size_t bytes_expected);

    void feed(std::string_view bytes);
    void finish();

    // The next row that is not blank; nothing: feed more, or the end, or fault().
    std::optional<CardLine> next();

    // The file as a whole cannot be read; nothing more comes.
    const std::optional<CsvFault>& fault() const { return fault_; }
    std::vector<CsvWarning> warnings() const;

    // A rejected row as it goes back: as it stood, with what is wrong in columns behind it.
    std::string rejected_header() const;
    std::string rejected_row(const CardLine&, const CsvFault&) const;

private:
    enum Column : unsigned char { iccid, imsi, msisdn, mdn, eid, reference, ignored };
    static constexpr std::size_t columns = ignored;

    bool begin();
    void read_header(const CsvRecord&);
    void take_column(std::size_t at, std::string_view name);
    void no_file(std::string code, std::string reason, std::string suggestion,
                 std::size_t line = 1);
    std::string_view field(const CsvRecord&, Column) const;
    Result<CardRow, CsvFault> read_row(const CsvRecord&);
    std::optional<CsvFault> shape_fault(const CsvRecord&) const;
    std::optional<CsvFault> seen_before(const CardRow&);
    void note_encoding(const CsvRecord&);
    static std::string_view word(Column);
    static Column column_of(std::string_view name);

    CheckDigit policy_;
    CsvReader reader_;
    CsvRecord record_;
    std::string head_;  // the first bytes, until they tell what file it is
    bool begun_ = false;
    bool finished_ = false;
    bool byte_order_mark_ = false;
    bool header_read_ = false;
    std::string header_;
    std::size_t width_ = 0;  // fields of the header
    std::array<std::optional<std::size_t>, columns> places_{};
    std::vector<std::string> unknown_;
    std::optional<CsvFault> fault_;
    std::size_t rows_ = 0;
    std::size_t wrong_check_digits_ = 0;
    std::size_t foreign_line_ = 0;  // the first with bytes that are no UTF-8
    FirstLines iccids_;
    FirstLines imsis_;
    std::unordered_map<SubscriptionReference, std::uint32_t> references_;
};

// The header and one correct row, for whoever begins.
std::string_view card_csv_example();

}  // namespace msp
