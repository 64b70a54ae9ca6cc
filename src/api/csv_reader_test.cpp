#include "api/csv_reader.hpp"

#include "world/random.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace msp;

namespace {

using CsvFields = std::vector<std::string>;

struct Read {
    std::size_t line;
    CsvFields fields;
    CsvRecord::Trouble trouble;
    bool operator==(const Read&) const = default;
};

void drain(CsvReader& reader, std::vector<Read>& into) {
    CsvRecord record;
    while (reader.next(record)) into.push_back({record.line, record.fields, record.trouble});
}

std::vector<Read> read_in_pieces(std::string_view bytes, std::size_t piece) {
    CsvReader reader;
    std::vector<Read> out;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        reader.feed(bytes.substr(at, piece));
        drain(reader, out);
    }
    reader.finish();
    drain(reader, out);
    return out;
}

std::vector<CsvFields> fields_of(std::string_view bytes) {
    std::vector<CsvFields> out;
    for (Read& record : read_in_pieces(bytes, bytes.size() + 1))
        out.push_back(std::move(record.fields));
    return out;
}

}  // namespace

TEST_CASE("Records are read as RFC 4180 and common programs write them") {
    const std::pair<std::string, std::vector<CsvFields>> rows[] = {
        {"", {}},
        {"a", {{"a"}}},
        {"a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
        {"a,b\r\nc,d", {{"a", "b"}, {"c", "d"}}},
        {"a,b\rc,d\r", {{"a", "b"}, {"c", "d"}}},
        {"a;b;c\n1,5;2;3\n", {{"a", "b", "c"}, {"1,5", "2", "3"}}},
        {"a\tb\nc\td\n", {{"a", "b"}, {"c", "d"}}},
        {"a,b\n\"x,y\",z\n", {{"a", "b"}, {"x,y", "z"}}},
        {"a,b\n\"x\r\ny\",z\n", {{"a", "b"}, {"x\r\ny", "z"}}},
        {"a,b\n\"say \"\"hi\"\"\",z\n", {{"a", "b"}, {"say \"hi\"", "z"}}},
        {"a,b\n\"\",\n", {{"a", "b"}, {"", ""}}},
        {"a,b\n=\"8986\",z\n", {{"a", "b"}, {"=\"8986\"", "z"}}},
        {"a,b\n\nc,d\n", {{"a", "b"}, {""}, {"c", "d"}}},
        {"\"a;b\",c\nx,y\n", {{"a;b", "c"}, {"x", "y"}}},
        {",\n", {{"", ""}}},
    };
    for (const auto& [bytes, expected] : rows) {
        const std::string_view read = bytes;
        CAPTURE(read);
        CHECK(fields_of(bytes) == expected);
    }
}

TEST_CASE("A record that cannot be read is named by its line and costs no other line") {
    const std::string long_field(5000, 'x');
    const auto records = read_in_pieces("a,b\n" + long_field + "\nc,d\n\"never closed,e\nf,g\n", 7);
    REQUIRE(records.size() == 4);
    CHECK(records[1].line == 2);
    CHECK(records[1].trouble == CsvRecord::Trouble::too_long);
    CHECK(records[2] == Read{3, {"c", "d"}, CsvRecord::Trouble::none});
    CHECK(records[3].line == 4);
    CHECK(records[3].trouble == CsvRecord::Trouble::open_quote);

    const auto open = read_in_pieces("a,b\n\"" + long_field + "\nc,d\n", 4096);
    REQUIRE(open.size() == 3);
    CHECK(open[1].trouble == CsvRecord::Trouble::too_long);
    CHECK(open[2] == Read{3, {"c", "d"}, CsvRecord::Trouble::none});

    const auto behind = read_in_pieces("a,b\n\"x\"y,z\n", 100);
    CHECK(behind[1].trouble == CsvRecord::Trouble::text_behind_quote);
}

TEST_CASE("Line numbers count line ends within quotation marks too") {
    const auto records = read_in_pieces("a,b\n\"1\n2\r\n3\",c\nd,e\n", 3);
    REQUIRE(records.size() == 3);
    CHECK(records[1].line == 2);
    CHECK(records[2].line == 5);
}

TEST_CASE("What is read does not depend on how the bytes are cut into pieces") {
    SeededRandom random(20260302);
    constexpr std::string_view alphabet = "ab,;\"\r\n\t1\xC3\xA9";
    std::size_t records = 0;
    for (int round = 0; round < 2000; ++round) {
        std::string bytes;
        const std::size_t length = random.below(120);
        for (std::size_t i = 0; i < length; ++i) bytes += alphabet[random.below(alphabet.size())];
        if (random.below(20) == 0)
            bytes.insert(bytes.size() / 2, std::string(4090 + random.below(12), 'x'));
        CAPTURE(bytes);
        const auto whole = read_in_pieces(bytes, bytes.size() + 1);
        records += whole.size();
        for (const unsigned piece : {1u, 2u, 3u, 17u}) CHECK(read_in_pieces(bytes, piece) == whole);
    }
    MESSAGE(records << " records");
}
