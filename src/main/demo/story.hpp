// The story of the demo: the use case, act by act, each ending in a verdict with its evidence.
#pragma once

#include "main/demo/fleet.hpp"
#include "main/demo/stage.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace msp::demo {

// What the simulated others saw and can do; asked and told directly, past the platform.
class Cast {
public:
    virtual ~Cast() = default;
    // What really holds at the operator, by its own journal: active, de-active, reclaimed;
    // " suspended" behind it if it is.
    virtual std::string at_operator(const Machine&) = 0;
    virtual bool suspend(const Machine&) = 0;
    virtual bool resume(const Machine&) = 0;
    virtual std::size_t orders_carried_out(const std::string& at_operator) = 0;
    // What the EPBA of a provider was told last about an equipment's service; empty: nothing yet.
    virtual std::string told(const std::string& provider, const std::string& equipment) = 0;
    virtual std::size_t told_of_type(const std::string& provider, const std::string& type) = 0;
    // Gaps in a chain's sequence, wrong signatures and numbers out of order that the EPBAs noticed;
    // repeats are allowed.
    virtual std::size_t told_wrongly() = 0;
    virtual std::size_t told_in_all() = 0;
};

struct Verdict {
    std::string name;  // "scenario 1", "requirement 5"
    std::string about;
    bool passed = true;
    std::vector<std::string> evidence;
};

class Story {
public:
    Story(Stage& stage, Cast& cast, Fleet fleet)
        : stage_(stage), cast_(cast), fleet_(std::move(fleet)) {}

    static bool is_one(std::string_view name);

    // Before anything else.
    void introduce_parties();

    // Plays everything, or what one story needs and that story: pre-provisioning, manufacture,
    // installation, equipment-provider, m2m-sp, operator, replacement.
    bool play(const std::string& name);
    const std::vector<Verdict>& verdicts() const { return verdicts_; }

private:
    struct Act {
        const char* name;
        const char* title;
        void (Story::*play)();
    };
    static const std::vector<Act>& acts();

    void pre_provision();
    void manufacture();
    void install();
    void equipment_provider_switches();
    void m2m_sp_holds();
    void operator_suspends();
    void replace();
    void requirements();
    void require_identification();
    void require_operators_part();
    void require_notices();

    void test_devices();
    void report_wrongly();
    void hand_over();
    void test_equipment();
    void unbind_one();
    void fit_new_devices(const std::vector<Machine*>&);

    // Puts a status on the service of many equipments, ends of life included; answers how many were
    // accepted.
    std::size_t switch_equipment(const std::string& what, const std::vector<Machine*>&,
                                 const std::string& status);
    std::size_t switch_device(const std::string& what, const std::vector<Machine*>&,
                              const std::string& status);
    std::size_t hold(const std::vector<Machine*>&, bool put);
    std::size_t with_status(const std::vector<Machine*>&, const std::string& status);
    std::size_t told_status(const std::vector<Machine*>&, const std::string& status);
    std::size_t truly(const std::vector<Machine*>&, const std::string& network);
    // Waits until the operators have confirmed everything; answers how much they have not.
    std::size_t settle();
    // Waits until the EPBAs know this status of all of them; answers of how many they do.
    std::size_t wait_told(const std::vector<Machine*>&, const std::string& status);
    std::vector<Machine*> machines(std::size_t from, std::size_t count);

    void begin(const std::string& name, const std::string& about);
    void expect(const std::string& what, std::size_t found, std::size_t wanted);
    void expect(const std::string& what, bool so);
    void show(const Machine&);

    Stage& stage_;
    Cast& cast_;
    Fleet fleet_;
    std::vector<Verdict> verdicts_;
    std::map<std::string, std::size_t> seen_;  // figures that the requirements are judged by
};

}  // namespace msp::demo
