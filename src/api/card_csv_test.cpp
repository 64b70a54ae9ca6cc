#include "api/card_csv.hpp"

#include "world/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace msp;

namespace {

constexpr std::string_view good_iccid = "89860326041777000193";
constexpr std::string_view good_imsi = "460031234567719";

std::string iccid_of(unsigned number) {
    std::string digits = std::to_string(number);
    digits = "8986032604" + std::string(9 - digits.size(), '0') + digits;
    return digits + luhn_digit(digits);
}

std::string imsi_of(unsigned number) {
    const std::string digits = std::to_string(number);
    return "46003" + std::string(10 - digits.size(), '0') + digits;
}

struct Parsed {
    std::vector<CardLine> rows;
    std::optional<CsvFault> fault;
    std::vector<CsvWarning> warnings;
    std::string rejected;

    std::size_t good() const {
        return static_cast<std::size_t>(std::count_if(
            rows.begin(), rows.end(), [](const CardLine& row) { return bool(row.row); }));
    }
    const CsvFault& fault_of_row(std::size_t at) const { return rows.at(at).row.reason(); }
};

Parsed parse(std::string_view bytes, CheckDigit policy = CheckDigit::strict,
             std::size_t piece = 1000) {
    CardCsv csv(policy, bytes.size());
    Parsed out;
    const auto drain = [&] {
        while (auto row = csv.next()) {
            if (!row->row) out.rejected += csv.rejected_row(*row, row->row.reason());
            out.rows.push_back(*std::move(row));
        }
    };
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        csv.feed(bytes.substr(at, piece));
        drain();
    }
    csv.finish();
    drain();
    out.fault = csv.fault();
    out.warnings = csv.warnings();
    out.rejected = csv.rejected_header() + out.rejected;
    return out;
}

std::string line_of(std::string_view iccid, std::string_view imsi = good_imsi) {
    return std::string(iccid) + "," + std::string(imsi) + "\n";
}

}  // namespace

TEST_CASE("The example that is shown to beginners is read without a fault") {
    const Parsed parsed = parse(card_csv_example());
    CHECK_FALSE(parsed.fault);
    CHECK(parsed.good() == 1);
    CHECK(parsed.warnings.empty());
}

TEST_CASE("Columns are found by name, whatever their order, case, delimiter and line ends") {
    const std::string card(good_iccid);
    const std::string imsi(good_imsi);
    const std::string files[] = {
        "iccid,imsi\n" + card + "," + imsi + "\n",
        "ICCID;IMSI\r\n" + card + ";" + imsi + "\r\n",
        "IMSI\tICCID\n" + imsi + "\t" + card,
        "\xEF\xBB\xBFiccid,imsi\n" + card + "," + imsi + "\n",
        "\"Iccid\",\"Imsi\"\n\"" + card + "\",\"" + imsi + "\"\n",
        "note,SIM ICCID,imsi_number\nbox 3," + card + "," + imsi + "\n",
        "iccid,imsi\n\n  \n" + card + "," + imsi + "\n,,\n",
        "iccid,imsi,,\n" + card + "," + imsi + ",,\n",
        "iccid,imsi,line,column,code,reason,suggestion\n" + card + "," + imsi + ",2,imsi,x,y,z\n",
    };
    for (const std::string& file : files) {
        CAPTURE(file);
        const Parsed parsed = parse(file);
        CHECK_FALSE(parsed.fault);
        REQUIRE(parsed.rows.size() == 1);
        REQUIRE(parsed.rows[0].row);
        CHECK(parsed.rows[0].row->iccid.text() == good_iccid);
        CHECK(parsed.rows[0].row->imsi.text() == good_imsi);
    }
}

TEST_CASE("Optional columns are taken where they are filled") {
    const Parsed parsed =
        parse("iccid,imsi,msisdn,mdn,eid,reference\n" + iccid_of(1) + "," + imsi_of(1) +
              ",+8613912345678,13912345678,89049032123451234512345678901235,sub-1\n" + iccid_of(2) +
              "," + imsi_of(2) + ",,,,\n");
    REQUIRE(parsed.good() == 2);
    const CardRow& first = parsed.rows[0].row.value();
    CHECK(first.msisdn->text() == "8613912345678");
    CHECK(first.mdn->text() == "13912345678");
    CHECK(first.eid);
    CHECK(first.reference == SubscriptionReference("sub-1"));
    const CardRow& second = parsed.rows[1].row.value();
    CHECK_FALSE((second.msisdn || second.mdn || second.eid || !second.reference.empty()));
}

TEST_CASE("Each kind of bad row is named by line, column, code and suggestion") {
    struct Row {
        std::string row;
        std::string column, code, suggestion;
    };
    const Row rows[] = {
        {line_of("8.98603E+19"), "iccid", "spreadsheet-number", ""},
        {line_of("89860326041777000000"), "iccid", "wrong-check-digit", ""},
        {line_of("89860326041777000192"), "iccid", "wrong-check-digit", "89860326041777000193"},
        {line_of("'89860326041777000193"), "iccid", "leading-apostrophe", "89860326041777000193"},
        {line_of("=\"89860326041777000193\""), "iccid", "quoted", "89860326041777000193"},
        {line_of("8986O326041777000193"), "iccid", "not-digits", ""},
        {line_of(""), "iccid", "empty", ""},
        {line_of("8986032604"), "iccid", "wrong-length", ""},
        {line_of("12860326041777000193"), "iccid", "wrong-prefix", ""},
        {line_of("\xEF\xBC\x98\x39\x38\x36\x30\x33\x32\x36\x30\x34\x31\x37\x37\x37\x30\x30\x30\x31"
                 "\x39\x33"),
         "iccid", "full-width-digits", "89860326041777000193"},
        {line_of(good_iccid, ""), "imsi", "empty", ""},
        {line_of(good_iccid, "46003"), "imsi", "wrong-length", ""},
        {line_of(good_iccid, "4.60031E+14"), "imsi", "spreadsheet-number", ""},
        {line_of(good_iccid, "460031234567719.0"), "imsi", "spreadsheet-number", "460031234567719"},
        {std::string(good_iccid) + "\n", "imsi", "empty", ""},
        {line_of(good_iccid, "460031234567719,more"), "", "too-many-fields",
         "Put a field that holds the delimiter into quotation marks."},
        {"\"x\"y," + std::string(good_imsi) + "\n", "", "text-behind-quote",
         "Double the quotation marks that belong to the text."},
    };
    for (const Row& row : rows) {
        CAPTURE(row.row);
        const Parsed parsed = parse("iccid,imsi\n" + line_of(iccid_of(7), imsi_of(7)) + row.row +
                                    line_of(iccid_of(8), imsi_of(8)));
        REQUIRE(parsed.rows.size() == 3);
        CHECK(parsed.good() == 2);
        const CsvFault& fault = parsed.fault_of_row(1);
        CHECK(fault.line == 3);
        CHECK(fault.column == row.column);
        CHECK(fault.code == row.code);
        CHECK_FALSE(fault.reason.empty());
        if (!row.suggestion.empty() || row.code == "wrong-check-digit")
            CHECK(fault.suggestion == row.suggestion);
    }
}

TEST_CASE("A number that stands twice is refused, and the first line is named") {
    const Parsed parsed = parse("iccid,imsi,reference\n" + iccid_of(1) + "," + imsi_of(1) +
                                ",r1\n" + iccid_of(1) + "," + imsi_of(2) + ",\n" +  //
                                iccid_of(3) + "," + imsi_of(1) + ",\n" +            //
                                iccid_of(4) + "," + imsi_of(4) + ",r1\n");
    REQUIRE(parsed.rows.size() == 4);
    CHECK(parsed.good() == 1);
    const std::string columns[] = {"iccid", "imsi", "reference"};
    for (std::size_t at = 1; at < 4; ++at) {
        CHECK(parsed.fault_of_row(at).code == "duplicate");
        CHECK(parsed.fault_of_row(at).column == columns[at - 1]);
        CHECK(parsed.fault_of_row(at).reason.find("line 2") != std::string::npos);
    }
}

TEST_CASE("Check digits are warned about or insisted on, as the operator prints them") {
    const std::string file = "iccid,imsi\n" + line_of("89860326041777000192");
    CHECK(parse(file).good() == 0);
    const Parsed warned = parse(file, CheckDigit::warn);
    CHECK(warned.good() == 1);
    REQUIRE(warned.warnings.size() == 1);
    CHECK(warned.warnings[0].code == "wrong-check-digits");
}

TEST_CASE("GB18030 in columns that are not needed is said and does no harm") {
    const std::string remark = "\xB1\xB8\xD7\xA2";  // 备注 in GB 18030
    const Parsed parsed = parse("iccid,imsi," + remark + "\n" + std::string(good_iccid) + "," +
                                std::string(good_imsi) + "," + remark + "\n");
    CHECK_FALSE(parsed.fault);
    CHECK(parsed.good() == 1);
    REQUIRE(parsed.warnings.size() == 2);
    CHECK(parsed.warnings[0].code == "unknown-columns");
    CHECK(parsed.warnings[1].code == "not-utf-8");

    const Parsed needed = parse("iccid,imsi\n" + line_of(remark));
    REQUIRE(needed.rows.size() == 1);
    CHECK(needed.fault_of_row(0).code == "not-utf-8");
    CHECK(needed.fault_of_row(0).reason.find("GB18030") != std::string::npos);
    CHECK(needed.fault_of_row(0).suggestion.find("UTF-8") != std::string::npos);
}

TEST_CASE("What is no card file at all is said as a whole") {
    const std::pair<std::string, std::string> files[] = {
        {"", "empty"},
        {"\n\n\n", "empty"},
        {"PK\x03\x04 and so on", "not-csv"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "not-csv"},
        {std::string("\xFF\xFEi\0c\0", 6), "utf-16"},
        {"name,imsi\nx,y\n", "column-missing"},
        {"iccid,number\nx,y\n", "column-missing"},
        {"iccid,imsi,ICCID\nx,y,z\n", "column-twice"},
        {line_of(good_iccid), "header-missing"},
        {"\"iccid,imsi\n1,2\n", "bad-header"},
    };
    for (const auto& [file, code] : files) {
        const std::string& read = file;
        CAPTURE(read);
        const Parsed parsed = parse(file);
        CHECK(parsed.rows.empty());
        REQUIRE(parsed.fault);
        CHECK(parsed.fault->code == code);
        CHECK_FALSE(parsed.fault->suggestion.empty());
    }
}

TEST_CASE(
    "Rejected rows come back as they stood, with what is wrong, and are read again when put "
    "right") {
    const Parsed parsed = parse("iccid;imsi;note\n" + std::string("89860326041777000192;") +
                                std::string(good_imsi) + ";\"a;b\"\n12;34\n");
    CHECK(parsed.good() == 0);
    CHECK(parsed.rejected.starts_with(
        "iccid;imsi;note;line;column;code;reason;suggestion\r\n"
        "89860326041777000192;460031234567719;\"a;b\";2;\"iccid\";\"wrong-check-digit\";"));
    CHECK(parsed.rejected.find("\r\n12;34;;3;\"iccid\";") != std::string::npos);

    std::string corrected = parsed.rejected;
    corrected.replace(corrected.find("000192;"), 7, "000193;");
    const Parsed again = parse(corrected);
    CHECK_FALSE(again.fault);
    CHECK(again.rows.size() == 2);
    CHECK(again.good() == 1);
}

TEST_CASE("First lines are kept for many numbers, leading zeros included") {
    FirstLines lines(0);
    CHECK(lines.note("001", 1) == 0);
    CHECK(lines.note("01", 2) == 0);
    CHECK(lines.note("1", 3) == 0);
    CHECK(lines.note("001", 4) == 1);
    for (std::uint32_t number = 10; number < 20'000; ++number)
        CHECK(lines.note(std::to_string(number * 7919ull), number) == 0);
    for (std::uint32_t number = 10; number < 20'000; ++number)
        CHECK(lines.note(std::to_string(number * 7919ull), 1) == number);
}

TEST_CASE("Any bytes are read to their end, and read the same in any pieces") {
    constexpr std::uint64_t seed = 7;
    CAPTURE(seed);
    SeededRandom random(seed);
    constexpr std::size_t size = 200'000;
    std::string noise(size, '\0');
    random.fill(std::as_writable_bytes(std::span(noise)));
    (void)parse(noise);

    // Bytes that look like such a file more than noise does.
    constexpr std::string_view pieces[] = {"89860326041777000193",
                                           "460031234567719",
                                           ",",
                                           ";",
                                           "\n",
                                           "\r\n",
                                           "\"",
                                           "\xB1\xB8",
                                           "iccid",
                                           "imsi",
                                           " ",
                                           "E+19"};
    std::string likely = "iccid,imsi\n";
    while (likely.size() < size) likely += pieces[random.below(std::size(pieces))];
    const Parsed whole = parse(likely, CheckDigit::warn, size * 2);
    const Parsed cut = parse(likely, CheckDigit::warn, 13);
    CHECK(whole.rows.size() == cut.rows.size());
    CHECK(whole.rejected == cut.rejected);
    MESSAGE(whole.rows.size() << " rows, " << whole.good() << " good");
}
