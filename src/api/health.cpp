// /livez, /readyz, /metrics and /openapi.json.

#include "access/json.hpp"
#include "api/call.hpp"
#include "api/handlers.hpp"
#include "api/openapi.hpp"

namespace msp {

void show_live(const CallPtr& call) {
    call->answer(json_response(R"({"status":"live"})"));
}

// One part of what has to work.
struct ReadyPart {
    std::string_view name;
    bool ready = false;
};

static void answer_ready(const CallPtr& call, std::initializer_list<ReadyPart> parts) {
    bool ready = true;
    for (const ReadyPart& part : parts) ready = ready && part.ready;
    std::string body;
    JsonWriter json(body);
    json.open_object().member("status", ready ? "ready" : "not-ready");
    if (call->query().has("verbose")) {
        json.name("parts").open_object();
        for (const ReadyPart& part : parts) json.member(part.name, part.ready ? "ok" : "not-ok");
        json.close_object();
    }
    json.close_object();
    call->answer(json_response(std::move(body), ready ? 200 : 503));
}

// The writer takes a command that writes nothing, then the reader reads: both are there. A full
// disk is no reason to go elsewhere: reads go on, and there is nowhere else.
void show_ready(const CallPtr& call) {
    Command nothing{.key = {}, .hints = {}, .decide = [](const View&) { return Decision{}; }};
    const auto written = [call](const Result<Answer, Failure>& answer) {
        const bool writes = answer || answer.reason().kind == Failure::Kind::full;
        const auto done = [call, writes](const Result<Done, Failure>& reads) {
            answer_ready(
                call,
                {{"writes", writes}, {"reads", bool(reads)}, {"stays", !call->desk().draining}});
        };
        const auto look = [](Archive& archive) {
            (void)archive.record({Name::Kind::setting, {}, "ready"});
        };
        call->parts().reader.read(look, done);
    };
    call->parts().store.submit(std::move(nothing), written);
}

void show_metrics(const CallPtr& call) {
    HttpResponse out;
    out.headers.add("Content-Type", "text/plain; version=0.0.4");
    out.body = call->parts().metrics.exposition();
    call->answer(std::move(out));
}

void show_openapi(const CallPtr& call) {
    static const std::string document = openapi_document();
    HttpResponse out;
    out.headers.add("Content-Type", "application/json");
    out.headers.add("Cache-Control", "max-age=300");
    out.body = document;
    call->answer(std::move(out));
}

}  // namespace msp
