// A hundred thousand requests by tenants about what is another's, drawn by seed: own, foreign and
// absent things mixed in one path, query and body, damaged identifiers, every method.
//
// No answer holds what is another's, another's thing is answered as an absent one, and whatever is
// asked, the other tenants' things stand as they stood.

#include "api/matrix_world_test.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <string>
#include <utility>
#include <vector>

using namespace msp;
using namespace msp::api_stage;

namespace {

constexpr std::string_view tenants[] = {"ep-one", "ep-two", "dp-one", "dp-two"};

// Those of the other side: nothing of theirs has ever been in the hands of this tenant.
std::vector<std::string_view> strangers_to(std::string_view tenant) {
    if (tenant.ends_with("one")) return {"ep-two", "dp-two"};
    return {"ep-one", "dp-one"};
}

// The numbers of all that is the strangers', and what nobody is to see. What parties of one side
// hand to each other is their affair, so it is not among them.
std::vector<std::string> hidden_from(std::string_view tenant, const World& world) {
    std::vector<std::string> out{"operator-token-canary", "whsec_dGhlIHNlY3JldCBvZiBvcC1lYXN0"};
    const std::string first = tenant.ends_with("one") ? "8420" : "7310";
    for (const char* last : {"02", "04", "06", "08", "10", "01", "03", "05", "07", "09"})
        out.push_back(first + last);
    for (const std::string_view party : strangers_to(tenant))
        for (const std::string& id : {world.of(party).webhook, world.of(party).key})
            out.push_back(id);
    return out;
}

// A body that hands nothing over to the other side.
std::string body_within(std::string_view tenant, const Route& route, const Things& about) {
    std::string out = sample_body(route.body, about);
    const bool two = tenant.find("-two") != std::string_view::npos;
    for (const std::string_view kind : {"ep-", "dp-"}) {
        const std::string from = "\"" + std::string(kind) + "one\"";
        const auto at = two ? out.find(from) : std::string::npos;
        if (at != std::string::npos)
            out.replace(at, from.size(), "\"" + std::string(kind) + "two\"");
    }
    return out;
}

struct TenantCounts {
    std::size_t asked = 0, compared = 0, answered_2xx = 0, leaks = 0, unlike = 0, moved = 0;
};

class Tenants {
public:
    explicit Tenants(std::uint64_t seed) : random_(seed) {}

    TenantCounts counts;

    // One tenant has its way for a while; then the others look at what is theirs.
    void round(std::size_t requests) {
        const std::string_view tenant = tenants[random_.below(std::size(tenants))];
        const std::string before = standing(tenant);
        for (std::size_t i = 0; i < requests; ++i) ask(tenant);
        world_.stage.settle();
        const bool same = standing(tenant) == before;
        counts.moved += !same;
        CAPTURE(tenant);
        REQUIRE(same);
    }

private:
    // All that the strangers have, as the M2M SP sees it, and how far their feeds have come.
    std::string standing(std::string_view tenant) {
        std::string out;
        for (const std::string_view party : strangers_to(tenant)) {
            const Things& of = world_.of(party);
            const std::string key = std::string(party) + "/admin";
            for (const std::string& path :
                 {"/v1/devices/" + of.device_id, "/v1/cards/" + of.iccid, std::string("/v1/events"),
                  std::string("/v1/webhooks"), std::string("/v1/keys"), std::string("/v1/claims"),
                  std::string("/v1/me")}) {
                const bool object =
                    path.starts_with("/v1/devices") || path.starts_with("/v1/cards");
                const Reply reply =
                    world_.stage.call(object ? std::string("m2m-sp/admin") : key, "GET", path);
                out += without_progress(plain(reply, {})) + "\n";
            }
        }
        return out;
    }

    // A webhook goes on trying while time passes, whoever asks for what.
    static std::string without_progress(std::string answer) {
        constexpr std::string_view first = ",\"position\":";
        for (auto at = answer.find(first); at != std::string::npos; at = answer.find(first, at))
            answer.erase(at, answer.find('}', at) - at);
        return answer;
    }

    void ask(std::string_view tenant) {
        const Route& route = drawn_route();
        const std::string who =
            std::string(tenant) + "/" + std::string(roles[random_.below(std::size(roles))]);
        ++counts.asked;
        if (takes_object(route) && !registers(route) && random_.below(2) == 0)
            return compare(tenant, who, route);
        const Things about = registers(route) ? world_.of(tenant) : mixed(tenant);
        look(tenant, about, call(who, route, about, drawn_query(route, tenant), drawn_fields()));
    }

    // Equipment IDs are each provider's own: one that is registered is no stranger's any more.
    static bool registers(const Route& route) {
        return route.path == "/v1/equipment/{equipment_id}" && route.method == "PUT";
    }

    // Another's thing, and none at all: one answer.
    void compare(std::string_view tenant, const std::string& who, const Route& route) {
        const auto strangers = strangers_to(tenant);
        const Things& foreign = world_.of(strangers[random_.below(strangers.size())]);
        const Things nothing = absent_things();
        const std::string query = needed_query(route, tenant);
        const Reply one = call(who, route, foreign, query);
        const Reply other = call(who, route, nothing, query);
        const bool same = plain(one, foreign) == plain(other, nothing);
        ++counts.compared;
        counts.unlike += !same;
        CAPTURE(route.method);
        CAPTURE(route.path);
        CAPTURE(one.body);
        CAPTURE(other.body);
        REQUIRE(same);
        look(tenant, foreign, one);
    }

    const Route& drawn_route() {
        while (true) {
            const Route& route = routes()[random_.below(routes().size())];
            if (route.who != Who::device && route.who != Who::network_operator) return route;
        }
    }

    Reply call(const std::string& who, const Route& route, const Things& about,
               const std::string& query, Fields fields = {}) {
        if (route.body == "text/csv") fields.push_back({"Content-Type", "text/csv"});
        const auto exchange = world_.stage.begin(
            world_.stage.request(who, route.method, filled_path(route, about) + query,
                                 body_within(who, route, about), fields));
        world_.stage.loop.run_ready();
        return Stage::reply(*exchange);
    }

    Fields drawn_fields() {
        Fields out;
        if (random_.below(8) == 0) out.push_back({"If-Match", "\"c1\""});
        if (random_.below(4) == 0)
            out.push_back({"Idempotency-Key", "k-" + std::to_string(random_.below(50))});
        return out;
    }

    // Each part from somebody else, and now and then damaged.
    Things mixed(std::string_view tenant) {
        Things out;
        for (std::string Things::*part :
             {&Things::iccid, &Things::device_id, &Things::equipment_id, &Things::claim,
              &Things::webhook, &Things::key, &Things::chain}) {
            const std::size_t of = random_.below(4);
            const Things nothing = absent_things();
            const auto strangers = strangers_to(tenant);
            const Things& from = of == 0   ? world_.of(tenant)
                                 : of == 1 ? nothing
                                           : world_.of(strangers[random_.below(strangers.size())]);
            out.*part = damaged(from.*part);
        }
        return out;
    }

    std::string damaged(std::string text) {
        switch (text.empty() ? 0 : random_.below(12)) {
            case 1: text.insert(random_.below(text.size() + 1), 1, ' '); break;
            case 2: text += std::string(1, '\0') + "x"; break;
            case 3: text = "../" + text; break;
            case 4: text[0] = static_cast<char>(text[0] ^ 0x20); break;
            case 5: text += ":hold"; break;
            case 6: text += "?provider=ep-one"; break;
            default: break;
        }
        return text;
    }

    std::string drawn_query(const Route& route, std::string_view tenant) {
        std::string out = needed_query(route, tenant);
        const Things theirs = mixed(tenant);
        const auto strangers = strangers_to(tenant);
        const std::string party(strangers[random_.below(strangers.size())]);
        const std::pair<std::string_view, std::string> drawn[] = {
            {"provider", party},
            {"customer", party},
            {"party", party},
            {"chain", theirs.chain},
            {"device", theirs.device_id},
            {"card", theirs.iccid},
            {"equipment", theirs.equipment_id},
            {"batch", party.ends_with("one") ? "B-ONE" : "B-TWO"}};
        for (const auto& [name, value] : drawn)
            if (random_.below(takes(route, name) ? 2 : 60) == 0)
                out += (out.empty() ? "?" : "&") + std::string(name) + "=" + encoded(value);
        return out;
    }

    static bool takes(const Route& route, std::string_view name) {
        bool found = false;
        for_each_word(route.query, [&](std::string_view key) {
            found = found || key.substr(0, key.find('.')) == name;
        });
        return found;
    }

    static std::string encoded(const std::string& value) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        std::string out;
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            if (std::isalnum(byte) || c == '-')
                out += c;
            else
                (out += '%') += {digits[byte >> 4], digits[byte & 15]};
        }
        return out;
    }

    void look(std::string_view tenant, const Things& asked, const Reply& reply) {
        counts.answered_2xx += reply.ok();
        CAPTURE(reply.body);
        REQUIRE(reply.status < 500);
        const std::string seen = plain(reply, asked);
        for (const std::string& canary : hidden_from(tenant, world_)) {
            const bool leaks = seen.find(canary) != std::string::npos;
            counts.leaks += leaks;
            CAPTURE(canary);
            REQUIRE_FALSE(leaks);
        }
    }

    World world_;
    SeededRandom random_;
};

}  // namespace

TEST_CASE("a hundred thousand requests of tenants neither show nor move what is another's") {
    const std::uint64_t seed = 20'261'129 + doctest::getContextOptions()->rand_seed;
    CAPTURE(seed);
    TenantCounts sum;
    for (std::uint64_t world = 0; sum.asked < 100'000; ++world) {
        Tenants one_world(seed + world);
        for (int round = 0; round < 10; ++round) one_world.round(500);
        const TenantCounts& one = one_world.counts;
        sum.asked += one.asked;
        sum.compared += one.compared;
        sum.answered_2xx += one.answered_2xx;
        sum.leaks += one.leaks;
        sum.unlike += one.unlike;
        sum.moved += one.moved;
    }
    CHECK(sum.answered_2xx > 10'000);
    CHECK(sum.compared > 10'000);
    MESSAGE(sum.asked << " requests, " << sum.answered_2xx << " answered with 2xx, " << sum.compared
                      << " about another's compared with one about nothing: leaks " << sum.leaks
                      << ", unlike " << sum.unlike << ", others' things moved " << sum.moved);
}
