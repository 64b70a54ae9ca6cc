#include "notices/hostile_urls_test.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace msp;

TEST_CASE("every hostile URL is refused, and for its own reason") {
    const std::map<std::string, std::string> reasons{
        {"bad scheme", of(UrlFault::bad_scheme)},
        {"user name", of(UrlFault::user_name)},
        {"fragment", of(UrlFault::fragment)},
        {"bad character", of(UrlFault::bad_character)},
        {"bad host", of(UrlFault::bad_host)},
        {"odd address", of(UrlFault::odd_address)},
        {"bad port", of(UrlFault::bad_port)},
        {"bad path", of(UrlFault::bad_path)},
        {"address", address_not_public},
        {"name", name_not_public},
        {"not https", not_https},
        {"port", odd_port},
    };
    std::map<std::string, std::size_t> counts;
    for (const auto& [kind, url] : hostile_urls()) {
        const std::string& tried = url;
        CAPTURE(tried);
        CHECK(verdict(url) == reasons.at(kind));
        ++counts["all"];
        ++counts[kind];
    }
    CHECK(counts.size() == reasons.size() + 1);
    CHECK(counts["all"] >= 200);
    MESSAGE(counts["all"] << " hostile URLs refused");
}

TEST_CASE("a URL has an end, and so has each part of a name") {
    CHECK(verdict("") == of(UrlFault::bad_scheme));
    CHECK(verdict("https://a.example.com/" + std::string(2'026, 'a')) == "");
    CHECK(verdict("https://a.example.com/" + std::string(2'027, 'a')) == of(UrlFault::too_long));
    const std::string label(63, 'a');
    const std::string longest = label + "." + label + "." + label + "." + std::string(57, 'b');
    CHECK(verdict("https://" + longest + ".com/") == "");
    CHECK(verdict("https://" + longest + "b.com/") == of(UrlFault::bad_host));
    CHECK(verdict("https://a" + label + ".com/") == of(UrlFault::bad_host));
}

TEST_CASE("a good URL is taken and written in its one form") {
    struct Row {
        std::string_view given;
        std::string_view written;
    };
    const Row rows[] = {
        {"https://hooks.example.com", "https://hooks.example.com/"},
        {"https://hooks.example.com/", "https://hooks.example.com/"},
        {"HTTPS://Hooks.EXAMPLE.com:443/In", "https://hooks.example.com/In"},
        {"https://hooks.example.com?a=b", "https://hooks.example.com/?a=b"},
        {"https://hooks.example.com/a/../b;c=d,e?f=%20g&h=i@j:k/l?m",
         "https://hooks.example.com/a/../b;c=d,e?f=%20g&h=i@j:k/l?m"},
        {"https://xn--hks-tna0b.example.com/", "https://xn--hks-tna0b.example.com/"},
        {"https://1password.com/", "https://1password.com/"},
        {"https://0x7f.example.com/", "https://0x7f.example.com/"},
        {"https://127.0.0.1.example.com/", "https://127.0.0.1.example.com/"},
        {"https://8.8.8.8/", "https://8.8.8.8/"},
        {"https://[2600:0:0:0:0:0:0:1]/", "https://[2600::1]/"},
        {"https://[2600::1]:443", "https://[2600::1]/"},
        {"https://localhost.example.com/", "https://localhost.example.com/"},
        {"https://example.com//127.0.0.1/", "https://example.com//127.0.0.1/"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        const auto url = WebhookUrl::parse(row.given);
        REQUIRE(url);
        CHECK(url->text() == row.written);
        CHECK(WebhookUrl::parse(url->text()) == *url);
        CHECK(verdict(row.given) == "");
    }
}

TEST_CASE("whatever is parsed is written as something that parses to the same") {
    constexpr std::string_view alphabet = "htps:/.[]@#?%09afx-A\\ 17&_~";
    std::size_t parsed = 0;
    SeededRandom random(20'261'123);
    for (int i = 0; i < 200'000; ++i) {
        std::string text = i % 2 == 0 ? "https://" : "https://a.bc";
        for (std::uint64_t left = random.below(12); left > 0; --left)
            text += alphabet[random.below(alphabet.size())];
        const auto url = WebhookUrl::parse(text);
        if (!url) continue;
        ++parsed;
        CAPTURE(text);
        CHECK(WebhookUrl::parse(url->text()) == *url);
    }
    CHECK(parsed > 1'000);
}
