#include "cli/list_view.hpp"

#include "cli/stage_test.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

using namespace msp::cli;

namespace {

const std::vector<Column> columns{{"STATUS", "m2m.status"}, {"N", "n"}, {"NOTE", "note", true}};

std::string order_by(std::string_view by, const char* list) {
    boost::json::array items = boost::json::parse(list).as_array();
    sort_items(items, columns, by);
    std::string out;
    for (const auto& item : items) out += item.at("id").as_string().c_str();
    return out;
}

}  // namespace

TEST_CASE("columns are chosen by title or by path, in the order asked for, wide ones too") {
    const auto chosen = chosen_columns(columns, "note,m2m.status,Status,else.where");
    REQUIRE(chosen.size() == 4);
    CHECK(chosen[0].path == "note");
    CHECK_FALSE(chosen[0].wide);
    CHECK(chosen[1].title == "STATUS");
    CHECK(chosen[2].path == "m2m.status");
    CHECK(chosen[3].title == "else.where");
}

TEST_CASE(
    "numbers are ordered by size, words as text, what is missing first, equals as they came") {
    const char* const list = R"([{"id":"a","n":10,"m2m":{"status":"x"}},{"id":"b","n":9},)"
                             R"({"id":"c","n":10.5,"m2m":{"status":"w"}},{"id":"d","n":9}])";
    CHECK(order_by("n", list) == "bdac");
    CHECK(order_by("-n", list) == "cabd");
    CHECK(order_by("status", list) == "bdca");
    CHECK(order_by("-m2m.status", list) == "acbd");
    CHECK(order_by("id", list) == "abcd");
}

TEST_CASE("a field that nothing has is refused, but not of an empty list") {
    const boost::json::array items{{{"id", "a"}, {"m2m", {{"status", "x"}}}}};
    CHECK_FALSE(unknown_field(items, columns, "id,status,note", "-id"));
    CHECK(unknown_field(items, columns, "id,stauts", "") == "stauts");
    CHECK(unknown_field(items, columns, "", "-x") == "x");
    CHECK(unknown_field(items, columns, "id,", "").has_value() == false);
    CHECK_FALSE(unknown_field({}, columns, "anything", "else"));
}

TEST_CASE("--fields and --sort on a list") {
    Stage stage;
    const std::string list = R"({"items":[{"device":{"device_id":"D-2"},"status":"b"},)"
                             R"({"device":{"device_id":"D-1"},"status":"a"}],"next_cursor":null})";
    stage.will_answer(200, list);
    CHECK(stage.run({"device", "list", "--sort", "device", "--fields", "status,DEVICE"}) == 0);
    CHECK(stage.out.str() == "STATUS  DEVICE\n        D-1\n        D-2\n");
    stage.will_answer(200, list);
    CHECK(stage.run({"device", "list", "--sort", "device", "-o", "id"}) == 0);
    CHECK(stage.out.str() == "D-1\nD-2\n");
    stage.will_answer(200, list);
    CHECK(stage.run({"device", "list", "--fields", "nonsense"}) == exit_usage);
    CHECK(stage.out.str().empty());
    CHECK(stage.err.str().starts_with("msp: there is no field nonsense\n"));
    stage.will_answer(200, list);
    CHECK(stage.run({"device", "list", "--fields", "status", "-o", "json"}) == exit_usage);
    CHECK(stage.out.str().empty());
}
