// How a simulated operator speaks: which bytes stand for which order, which read and which trouble.
//
// Law: a tongue says what the operator does and knows, and does nothing by itself: book, journal,
// knobs and clock are the operator's, the same for every tongue. Each is written apart from the
// connector that speaks it, so that each checks the other. A file in tongues/ is a tongue: it
// defines `<file>_tongue`, and the build makes the list from the files that it finds.
// Threads: the loop's only.
#pragma once

#include "cast/operator_documents.hpp"
#include "cast/simulated_operator.hpp"
#include "world/http.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

// Who may come, and where reports go.
struct OperatorFront {
    std::string token;            // asked of whoever sends orders; empty: of nobody
    std::string callback_url;     // empty: nothing is reported
    std::string callback_secret;  // whsec_<base64>
    std::string speaks = "rest";
};

class OperatorTongue {
public:
    struct Said {
        HttpResponse response;
        std::optional<BookedOrder::Status> order;  // what became of the order, if it was one
    };
    enum class Trouble : unsigned char { internal, too_many, maintenance, credentials };

    virtual ~OperatorTongue() = default;

    // What operators with this interface are; nothing: the knobs decide.
    virtual std::optional<OperatorKind> kind() const { return std::nullopt; }
    // Operators with this interface accept every order first; else the knobs decide.
    virtual bool accepts_first() const { return false; }
    // Whoever sends this is known here.
    virtual bool knows(const HttpRequest&) const = 0;
    // It asks for a change.
    virtual bool is_order(const HttpRequest&) const = 0;
    // An order may take effect until `latest`.
    virtual Said answer(SimulatedOperator&, const HttpRequest&, const ReadTarget&, Time latest) = 0;
    virtual HttpResponse trouble(Trouble) const = 0;
    // Nothing: this interface does not report such a thing.
    virtual std::optional<HttpRequest> report(const OperatorReport&, Time now) const = 0;
};

struct TongueKind {
    std::string_view name;  // what `--speaks` says: the connector's name
    std::unique_ptr<OperatorTongue> (*make)(const OperatorFront&);
};

// Null: there is no such tongue.
std::unique_ptr<OperatorTongue> make_tongue(const OperatorFront&);

}  // namespace msp
