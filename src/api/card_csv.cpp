#include "api/card_csv.hpp"

#include "api/encoding.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view as_utf8 =
    "In the spreadsheet: Save As, type `CSV UTF-8 (comma delimited)`.";
constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

// Lower case letters and digits: what is left of a column's name when it is compared.
std::string plain(std::string_view name) {
    std::string out;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

bool is_blank(const CsvRecord& record) {
    return std::all_of(record.fields.begin(), record.fields.end(), [](const std::string& field) {
        return field.find_first_not_of(" \t") == std::string::npos;
    });
}

std::string quoted(std::string_view field) {
    std::string out = "\"";
    for (const char c : field) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

// The columns that stand behind a rejected row; a file that comes back with them is as good.
constexpr std::array<std::string_view, 5> report_columns{"line", "column", "code", "reason",
                                                         "suggestion"};

}  // namespace

// ---------------------------------------------------------------------------------------- the file

CardCsv::CardCsv(CheckDigit policy, std::size_t bytes_expected)
    : policy_(policy),
      iccids_(std::min(bytes_expected / 32, rows_most)),
      imsis_(std::min(bytes_expected / 32, rows_most)) {}

void CardCsv::feed(std::string_view bytes) {
    if (begun_)
        reader_.feed(bytes);
    else
        head_ += bytes;
}

void CardCsv::finish() {
    finished_ = true;
}

void CardCsv::no_file(std::string code, std::string reason, std::string suggestion,
                      std::size_t line) {
    fault_ = CsvFault{line, {}, std::move(code), std::move(reason), std::move(suggestion)};
}

// Looks what the first bytes tell; false: too few came yet, or it is no such file.
bool CardCsv::begin() {
    constexpr std::size_t telling = 4;
    if (head_.size() < telling && !finished_) return false;
    if (head_.starts_with("PK\x03\x04") || head_.starts_with("\xD0\xCF\x11\xE0")) {
        no_file("not-csv", "The file is a workbook of a spreadsheet, not CSV.",
                std::string(as_utf8));
        return false;
    }
    if (head_.starts_with("\xFF\xFE") || head_.starts_with("\xFE\xFF")) {
        no_file("utf-16", "The file is in UTF-16.", std::string(as_utf8));
        return false;
    }
    byte_order_mark_ = head_.starts_with(utf8_mark);
    reader_.feed(std::string_view(head_).substr(byte_order_mark_ ? utf8_mark.size() : 0));
    head_.clear();
    begun_ = true;
    return true;
}

std::optional<CardLine> CardCsv::next() {
    if (fault_ || (!begun_ && !begin())) return std::nullopt;
    if (finished_) reader_.finish();
    while (!fault_ && reader_.next(record_)) {
        note_encoding(record_);
        if (record_.trouble == CsvRecord::Trouble::none && is_blank(record_)) continue;
        if (!header_read_) {
            read_header(record_);
            continue;
        }
        if (++rows_ > rows_most) {
            no_file("too-many-rows", "The file has more than 1,000,000 rows.",
                    "Cut it into several files.", record_.line);
            break;
        }
        auto row = read_row(record_);
        return CardLine{record_.line, record_.text, record_.fields.size(), std::move(row)};
    }
    if (finished_ && !fault_ && !header_read_)
        no_file("empty", "The file has no rows.",
                "The first row names the columns, `iccid` and `imsi` at least.");
    return std::nullopt;
}

void CardCsv::note_encoding(const CsvRecord& record) {
    if (foreign_line_ == 0 && !is_utf8(record.text)) foreign_line_ = record.line;
}

// -------------------------------------------------------------------------------------- the header

std::string_view CardCsv::word(Column column) {
    constexpr std::array<std::string_view, columns> words{"iccid", "imsi", "msisdn",
                                                          "mdn",   "eid",  "reference"};
    return words[column];
}

CardCsv::Column CardCsv::column_of(std::string_view name) {
    constexpr std::pair<std::string_view, Column> aliases[] = {
        {"iccid", iccid},
        {"icc", iccid},
        {"ccid", iccid},
        {"simiccid", iccid},
        {"simcardnumber", iccid},
        {"cardnumber", iccid},
        {"imsi", imsi},
        {"imsinumber", imsi},
        {"msisdn", msisdn},
        {"phonenumber", msisdn},
        {"mdn", mdn},
        {"eid", eid},
        {"euiccid", eid},
        {"reference", reference},
        {"subscriptionreference", reference},
        {"subscriptionid", reference},
    };
    for (const auto& [alias, column] : aliases)
        if (alias == name) return column;
    return ignored;
}

void CardCsv::take_column(std::size_t at, std::string_view name) {
    const std::string compared = plain(name);
    const Column column = column_of(compared);
    if (column == ignored) {
        const bool ours = std::find(report_columns.begin(), report_columns.end(), compared) !=
                          report_columns.end();
        if (!ours && !name.empty()) unknown_.emplace_back(name.substr(0, 40));
    } else if (places_[column]) {
        no_file("column-twice", "Two columns are named " + std::string(word(column)) + ".",
                "Leave one of them out, or rename it.");
    } else {
        places_[column] = at;
    }
}

void CardCsv::read_header(const CsvRecord& record) {
    header_read_ = true;
    if (record.trouble != CsvRecord::Trouble::none)
        return no_file("bad-header", "The first row cannot be read.",
                       "The first row names the columns, `iccid` and `imsi` at least.",
                       record.line);
    header_ = record.text;
    width_ = record.fields.size();
    for (std::size_t at = 0; at < width_ && !fault_; ++at) take_column(at, record.fields[at]);
    if (fault_ || (places_[iccid] && places_[imsi])) return;
    const bool data =
        std::any_of(record.fields.begin(), record.fields.end(), [](const std::string& name) {
            return static_cast<bool>(Iccid::parse(name, CheckDigit::warn));
        });
    if (data)
        return no_file("header-missing", "The first row holds a card, not the names of columns.",
                       "Put a row before it that names the columns: iccid,imsi", record.line);
    no_file("column-missing",
            "There is no column named " + std::string(word(places_[iccid] ? imsi : iccid)) + ".",
            "Name it so in the first row; upper and lower case do not matter.", record.line);
    fault_->column = word(places_[iccid] ? imsi : iccid);
}

// ---------------------------------------------------------------------------------------- the rows

std::string_view CardCsv::field(const CsvRecord& record, Column column) const {
    const auto place = places_[column];
    return place && *place < record.fields.size() ? std::string_view(record.fields[*place])
                                                  : std::string_view();
}

std::optional<CsvFault> CardCsv::shape_fault(const CsvRecord& record) const {
    switch (record.trouble) {
        case CsvRecord::Trouble::too_long:
            return CsvFault{record.line,
                            {},
                            "line-too-long",
                            "The row is longer than 4 KiB.",
                            "A quotation mark before it may not be closed."};
        case CsvRecord::Trouble::open_quote:
            return CsvFault{record.line,
                            {},
                            "open-quote",
                            "A quotation mark is never closed.",
                            "Close it, or leave it out."};
        case CsvRecord::Trouble::text_behind_quote:
            return CsvFault{record.line,
                            {},
                            "text-behind-quote",
                            "There is text behind a closing quotation mark.",
                            "Double the quotation marks that belong to the text."};
        case CsvRecord::Trouble::none: break;
    }
    for (std::size_t at = width_; at < record.fields.size(); ++at)
        if (!record.fields[at].empty())
            return CsvFault{record.line,
                            {},
                            "too-many-fields",
                            "The row has more fields than the first row names columns.",
                            "Put a field that holds the delimiter into quotation marks."};
    return std::nullopt;
}

// An identifier of a row, or what is wrong with it.
template <class Id>
static Result<Id, CsvFault> read_as(const Result<Id, IdentityError>& parsed, std::size_t line,
                                    std::string_view column, std::string_view given) {
    if (parsed) return *parsed;
    const IdentityError& error = parsed.reason();
    CsvFault fault{line, std::string(column), std::string(error.code),
                   error.sentence + " " + error.hint, error.suggestion};
    if (error.suggestion.empty() && !is_utf8(given)) {
        fault.code = "not-utf-8";
        fault.reason = std::string("The field is not UTF-8") +
                       (is_gb18030(given) ? "; it looks like GB18030 (GBK)." : ".");
        fault.suggestion = as_utf8;
    }
    return fault;
}

static Result<SubscriptionReference, CsvFault> read_reference(std::string_view given,
                                                              std::size_t line) {
    const bool visible =
        std::all_of(given.begin(), given.end(), [](char c) { return c > ' ' && c <= '~'; });
    const auto text = SubscriptionReference::of(given);
    if (visible && text) return *text;
    return CsvFault{line, "reference", "invalid-reference",
                    "A reference has at most 64 visible ASCII characters.",
                    "Leave it empty if the operator knows the card by its ICCID."};
}

// Calls `parse` with the field, if there is one, and keeps what comes of it.
template <class Id, class Parse>
static std::optional<CsvFault> take_optional(std::string_view given, std::optional<Id>& into,
                                             Parse parse) {
    if (given.find_first_not_of(' ') == std::string_view::npos) return std::nullopt;
    const Result<Id, CsvFault> read = parse(given);
    if (!read) return read.reason();
    into = *read;
    return std::nullopt;
}

Result<CardRow, CsvFault> CardCsv::read_row(const CsvRecord& record) {
    if (auto fault = shape_fault(record)) return *std::move(fault);
    const auto read = [&](Column column, auto parsed) {
        return read_as(parsed, record.line, word(column), field(record, column));
    };
    const auto card = read(iccid, Iccid::parse(field(record, iccid), policy_));
    if (!card) return card.reason();
    const auto subscription = read(imsi, Imsi::parse(field(record, imsi)));
    if (!subscription) return subscription.reason();

    CardRow row{.line = record.line,
                .iccid = *card,
                .imsi = *subscription,
                .reference = {},
                .msisdn = {},
                .mdn = {},
                .eid = {}};
    std::optional<SubscriptionReference> named;
    auto fault = take_optional(field(record, msisdn), row.msisdn, [&](std::string_view given) {
        return read(msisdn, Msisdn::parse(given));
    });
    if (!fault)
        fault = take_optional(field(record, mdn), row.mdn,
                              [&](std::string_view given) { return read(mdn, Mdn::parse(given)); });
    if (!fault)
        fault = take_optional(field(record, eid), row.eid, [&](std::string_view given) {
            return read(eid, Eid::parse(given, policy_));
        });
    if (!fault)
        fault = take_optional(field(record, reference), named, [&](std::string_view given) {
            return read_reference(given, record.line);
        });
    row.reference = named.value_or(SubscriptionReference());
    if (!fault) fault = seen_before(row);
    if (fault) return *std::move(fault);
    if (!card->check_digit_holds() || (row.eid && !row.eid->check_digit_holds()))
        ++wrong_check_digits_;
    return row;
}

std::optional<CsvFault> CardCsv::seen_before(const CardRow& row) {
    const auto line = static_cast<std::uint32_t>(row.line);
    const auto twice = [&](Column column, std::uint32_t first) {
        return CsvFault{row.line, std::string(word(column)), "duplicate",
                        "The same " + std::string(word(column)) + " is on line " +
                            std::to_string(first) + " already.",
                        "Leave one of the two rows out."};
    };
    if (const auto first = iccids_.note(row.iccid.text().substr(2), line))
        return twice(iccid, first);
    if (const auto first = imsis_.note(row.imsi.text(), line)) return twice(imsi, first);
    if (row.reference.empty()) return std::nullopt;
    const auto [at, fresh] = references_.try_emplace(row.reference, line);
    return fresh ? std::nullopt : std::optional(twice(reference, at->second));
}

// ---------------------------------------------------------------------------------- what is told

static std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
        out += (i ? ", " : "") + names[i];
    return out + (names.size() > most ? ", …" : "");
}

std::vector<CsvWarning> CardCsv::warnings() const {
    std::vector<CsvWarning> out;
    if (!unknown_.empty())
        out.push_back({"unknown-columns", "These columns were left alone: " + listed(unknown_)});
    if (foreign_line_ != 0)
        out.push_back(
            {"not-utf-8", "The file is not UTF-8 (first on line " + std::to_string(foreign_line_) +
                              "), probably GB18030; the columns that are needed were read all the "
                              "same."});
    if (wrong_check_digits_ != 0)
        out.push_back({"wrong-check-digits", "Rows whose check digits do not hold were taken: " +
                                                 std::to_string(wrong_check_digits_)});
    return out;
}

std::string CardCsv::rejected_header() const {
    std::string out = byte_order_mark_ ? std::string(utf8_mark) : std::string();
    out += header_;
    const char delimiter = reader_.delimiter() ? reader_.delimiter() : ',';
    for (const std::string_view column : report_columns)
        (out += out.empty() ? std::string() : std::string(1, delimiter)) += column;
    return out + "\r\n";
}

std::string CardCsv::rejected_row(const CardLine& row, const CsvFault& fault) const {
    const char delimiter = reader_.delimiter() ? reader_.delimiter() : ',';
    const bool whole = row.fields > 0 && row.fields <= width_ && fault.code != "open-quote";
    std::string out = whole ? row.text : quoted(row.text);
    for (std::size_t at = whole ? row.fields : 1; at < width_; ++at) out += delimiter;
    out += delimiter + std::to_string(fault.line);
    for (const std::string_view told :
         {std::string_view(fault.column), std::string_view(fault.code),
          std::string_view(fault.reason), std::string_view(fault.suggestion)})
        (out += delimiter) += quoted(told);
    return out + "\r\n";
}

std::string_view card_csv_example() {
    return "iccid,imsi\n89860326041777000193,460031234567719\n";
}

}  // namespace msp
