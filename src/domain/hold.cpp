#include "domain/hold.hpp"

#include <algorithm>
#include <tuple>

namespace msp {

namespace {

auto place(Holder holder, std::string_view code) {
    return std::tuple(holder, code);
}
auto place(const Reason& reason) {
    return place(reason.holder, reason.code.view());
}

constexpr CatalogueEntry catalogue[] = {
    {Holder::customer, "new-card", "the card is new", "its customer activating it", true},
    {Holder::customer, "issued", "the card changed hands", "its new customer activating it", true},
    {Holder::customer, "handed-over", "the device changed hands", "its new customer activating it",
     true},
    {Holder::customer, "rebound", "the card was taken out of a device",
     "its customer activating it", true},
    {Holder::customer, "requested", "its customer switched it off", "its customer activating it",
     false},
    {Holder::customer, "test-over", "the agreed time of the test is over",
     "its customer activating it", true},
    {Holder::customer, "equipment-service", "the equipment service was switched off",
     "the equipment provider activating the equipment service", false},

    {Holder::m2m_sp, "unpaid", "an invoice is unpaid", "the M2M service provider", false},
    {Holder::m2m_sp, "contract", "the contract ended or forbids it", "the M2M service provider",
     false},
    {Holder::m2m_sp, "fraud", "misuse is suspected", "the M2M service provider", false},
    {Holder::m2m_sp, "maintenance", "maintenance is under way", "the M2M service provider", false},
    {Holder::m2m_sp, "law", "an authority asked for it", "the M2M service provider", false},
    {Holder::m2m_sp, "other", "the M2M service provider wants it so", "the M2M service provider",
     false},
    {Holder::m2m_sp, "binding-conflict", "reports about its bindings contradict each other",
     "the M2M service provider, once the conflict is cleared up", true},
    {Holder::m2m_sp, "clearance-missing", "a clearance that the jurisdiction asks for is missing",
     "the M2M service provider, once the clearance is there", true},

    {Holder::network_operator, "operator-suspended", "the operator suspended the subscription",
     "the operator resuming it", true},
    {Holder::network_operator, "operator-inactive",
     "the operator shows the subscription inactive although active was confirmed",
     "the operator showing it active again", true},
    {Holder::network_operator, "accepted-drift",
     "the operator shows the subscription inactive and its drift policy accepts that",
     "the operator showing it active again", true},
    {Holder::network_operator, "lost", "the operator terminated the subscription",
     "nobody: only stopping or replacing remains", true},
};

}  // namespace

bool Holds::holds(Holder holder) const {
    return std::any_of(reasons_.begin(), reasons_.end(),
                       [holder](const Reason& reason) { return reason.holder == holder; });
}

const Reason* Holds::find(Holder holder, std::string_view code) const {
    for (const Reason& reason : reasons_)
        if (place(reason) == place(holder, code)) return &reason;
    return nullptr;
}

bool Holds::put(Reason reason) {
    const auto at =
        std::lower_bound(reasons_.begin(), reasons_.end(), reason,
                         [](const Reason& a, const Reason& b) { return place(a) < place(b); });
    if (at == reasons_.end() || place(*at) != place(reason)) {
        reasons_.insert(at, std::move(reason));
        return true;
    }
    if (at->text == reason.text && at->follows_equipment == reason.follows_equipment) return false;
    at->text = std::move(reason.text);
    at->follows_equipment = reason.follows_equipment;
    return true;
}

bool Holds::lift(Holder holder, std::string_view code) {
    return std::erase_if(reasons_, [&](const Reason& reason) {
               return place(reason) == place(holder, code);
           }) > 0;
}

bool Holds::lift_all(Holder holder) {
    return std::erase_if(reasons_,
                         [holder](const Reason& reason) { return reason.holder == holder; }) > 0;
}

std::span<const CatalogueEntry> hold_catalogue() {
    return catalogue;
}

const CatalogueEntry* in_catalogue(Holder holder, std::string_view code) {
    for (const CatalogueEntry& entry : catalogue)
        if (entry.holder == holder && entry.code == code) return &entry;
    return nullptr;
}

std::string_view word(Holder holder) {
    switch (holder) {
        case Holder::customer: return "customer";
        case Holder::m2m_sp: return "m2m-sp";
        case Holder::network_operator: return "operator";
    }
    std::abort();
}

}  // namespace msp
