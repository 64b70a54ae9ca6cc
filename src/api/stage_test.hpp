// For tests: the door with a whole platform behind it, in simulated time. Store, flows, operators
// and feeds are real; sockets are left out, and devices speak through their flows.
//
// Parties: m2m-sp; ep-one and ep-two (equipment), dp-one and dp-two (devices, prefixes ONE- and
// TWO-), closed-ep. Of each a viewer, an operator and an admin, "ep-one/op". One operator, op-east.
#pragma once

#include "access/bootstrap.hpp"
#include "api/api.hpp"
#include "cast/direct_streams.hpp"
#include "cast/operator_simulator.hpp"
#include "domain/claim.hpp"
#include "notices/endpoints.hpp"
#include "notices/event_stream.hpp"
#include "operators/connectors.hpp"
#include "operators/operators.hpp"
#include "store/flow_command.hpp"
#include "store/memory/memory_store.hpp"
#include "world/manual_loop.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::api_stage {

// One who asked, and what came back.
class Exchange final : public HttpExchange {
public:
    std::optional<HttpResponse> response;
    std::string streamed;
    bool streaming = false;
    std::string method, target;  // what was asked; the answer has to be as declared for it

    void respond(HttpResponse) override;
    void begin_stream(HttpResponse head) override;
    bool write(std::string piece) override;
    void end_stream() override { streaming = false; }
};

struct Reply {
    int status = 0;  // 0: not answered yet
    HttpHeaders headers;
    std::string body;

    bool ok() const { return status >= 200 && status < 300; }
    std::string header(std::string_view name) const;
    // The value at a dotted path as text, "items.0.status"; empty where there is none.
    std::string at(std::string_view path) const;
    bool has(std::string_view text) const { return body.find(text) != std::string::npos; }
    std::string code() const { return at("code"); }
};

using Fields = std::vector<HttpHeader>;

// Keeps every line, to look for what must not be in them.
class KeptLog final : public Log {
public:
    std::string lines;
    void write(LogLevel, std::string_view event, std::initializer_list<LogField>) override;
};

Iccid iccid(unsigned number);
Imsi imsi(unsigned number);
PartyId party(std::string_view);

class Stage {
public:
    explicit Stage(const ApiOptions& = {});
    ~Stage();

    // `who` is "<party>/<role>" (viewer, op, admin), or empty for no key. Runs what can run at
    // once.
    Reply call(std::string_view who, std::string_view method, std::string_view target,
               std::string_view body = {}, const Fields& = {});
    Reply call(HttpRequest);
    // Not answered at once: the exchange is to be looked at later.
    std::shared_ptr<Exchange> begin(HttpRequest) const;
    HttpRequest request(std::string_view who, std::string_view method, std::string_view target,
                        std::string_view body = {}, const Fields& = {}) const;
    static Reply reply(const Exchange&);
    // The same, and it must work.
    Reply done(std::string_view who, std::string_view method, std::string_view target,
               std::string_view body = {}, const Fields& = {});

    Reply import(std::string_view csv, std::string_view query = "operator=op-east&batch=B-1",
                 const Fields& = {});
    // Cards `first` to `last`, imported, known to the operator and issued.
    void cards(unsigned first, unsigned last, std::string_view batch, std::string_view to);

    // As the device says it, by its provider's credential.
    Answer report_card(std::string_view device, std::string_view provider, unsigned number);
    Answer report_equipment(std::string_view device, std::string_view provider,
                            std::string_view equipment);
    // A card with its device, tested and handed over; and with its equipment, active if wished.
    void device(unsigned number, std::string_view provider, std::string_view customer);
    void equipment(unsigned number, std::string_view provider, std::string_view customer,
                   bool active);
    static std::string device_id(unsigned number, std::string_view provider);
    static std::string equipment_id(unsigned number);

    void settle() { loop.run_for(Duration(30'000)); }
    template <class Flow>
    Answer decide(Flow flow) {
        return submit(flow_command(std::move(flow)));
    }
    Answer submit(Command);
    std::optional<Chain> chain(const Name&);
    std::optional<std::string> record(const Name&);
    Origin origin() const;
    void refuse_orders();  // the operator refuses every order, and reads de-active

    ManualLoop loop;
    MemoryStore memory;
    SeededRandom random{1};
    std::unique_ptr<Metrics> metrics = make_metrics();
    KeptLog log;
    DirectHttp http{loop};
    DirectStreams dialer{loop};
    std::map<std::string, std::string, std::less<>> tokens;  // by who
    std::vector<HttpRequest> reported;                       // what went on to the door of devices
    std::unique_ptr<Parties> parties;
    std::unique_ptr<Keys> keys;
    std::unique_ptr<OperatorSimulator> simulator;
    std::unique_ptr<Operators> operators;
    std::unique_ptr<FeedFollower> follower;
    std::unique_ptr<EventStreams> streams;
    std::unique_ptr<WebhookEndpoints> webhooks;
    std::unique_ptr<Api> api;

private:
    void add_parties();
    void add_party(std::string_view id, PartyFacts, const std::vector<std::string>& prefixes);
    void add_keys(const PartyId&);
    void add_operator();
    void open_api(const ApiOptions&);
};

}  // namespace msp::api_stage
