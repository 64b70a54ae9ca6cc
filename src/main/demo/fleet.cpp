#include "main/demo/fleet.hpp"

#include "domain/identity.hpp"
#include "world/random.hpp"

#include <array>

namespace msp::demo {

static std::string digits(std::uint64_t number, std::size_t width) {
    std::string out = std::to_string(number);
    return out.size() < width ? std::string(width - out.size(), '0') + out
                              : out.substr(out.size() - width);
}

static Machine draw(std::size_t index, std::uint64_t salt) {
    static constexpr std::array<const char*, 2> operators{"op-calm", "op-hostile"};
    static constexpr std::array<const char*, 2> networks{"46003", "46011"};
    static constexpr std::array<const char*, 2> providers{"acme", "borealis"};
    const std::size_t at = index % 2;
    const std::string body = "898603" + digits(salt + index * 7919, 12);
    return {.iccid = body + luhn_digit(body),
            .imsi = networks[at] + digits(salt + index * 7919, 10),
            .device = "MW-" + digits(index, 6),
            .equipment = "EX-" + digits(index, 5),
            .at_operator = operators[at],
            .provider = providers[index / 2 % 2]};
}

Fleet draw_fleet(std::uint64_t seed, std::size_t machines, std::size_t spares) {
    SeededRandom random(seed);
    const std::uint64_t salt = 1'000'000 + random.below(1'000'000'000);
    Fleet out;
    for (std::size_t i = 0; i < machines; ++i) out.machines.push_back(draw(i, salt));
    for (std::size_t i = 0; i < spares; ++i) {
        out.spares.push_back(draw(machines + i, salt));
        out.spares.back().equipment.clear();
    }
    return out;
}

std::string card_file(const Fleet& fleet, const std::string& at_operator) {
    std::string out = "ICCID,IMSI\r\n";
    for (const auto* part : {&fleet.machines, &fleet.spares})
        for (const Machine& machine : *part)
            if (machine.at_operator == at_operator)
                out += machine.iccid + "," + machine.imsi + "\r\n";
    return out;
}

std::string damaged_card_file() {
    return "\xEF\xBB\xBFICCID;IMSI;remark\r\n"
           "8.98603E+18;460030000000001;opened in a spreadsheet\r\n"
           "'8986030012345678909;460030000000002;with the apostrophe of a text cell\r\n"
           "8986030012345678908;460030000000003;one digit mistyped\r\n"
           "8986030012345678917;46003;IMSI cut off\r\n"
           ";460030000000005;no ICCID\r\n"
           "\r\n"
           "8986030012345678925;46003000000000X;a letter\r\n";
}

}  // namespace msp::demo
