// Cards: listing, looking at one, issuing some.

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/item_answers.hpp"
#include "api/query_reader.hpp"
#include "domain/status.hpp"
#include "provisioning/draft.hpp"
#include "provisioning/issue_cards.hpp"

namespace msp {

static constexpr std::size_t items_most = 1'000;

static std::function<bool(const Chain&)> card_filter(QueryReader& query) {
    const auto batch = query.identifier<BatchId>("batch");
    const auto status = query.one_of("status", {"active", "de-active", "stopped"});
    const auto imsi = query.identifier<Imsi>("imsi");
    const auto at = query.identifier<OperatorId>("operator");
    const auto customer = query.identifier<PartyId>("customer");
    const auto bound = query.flag("bound");
    const auto pending = query.flag("pending");
    return [=](const Chain& chain) {
        return (!batch || chain.card.batch == *batch) &&
               (!status || word(m2m_status(chain)) == *status) &&
               (!imsi || chain.subscription.imsi == *imsi) &&
               (!at || chain.subscription.at == *at) &&
               (!customer || chain.customer == *customer) &&
               (!bound || chain.device.has_value() == *bound) &&
               (!pending || !settled(chain) == *pending);
    };
}

void list_cards(const CallPtr& call) {
    QueryReader query(call->query());
    ChainFilter filter{Layer::m2m, card_filter(query), {}, query.identifier<BatchId>("batch")};
    const auto imsi = query.identifier<Imsi>("imsi");
    const auto at = query.identifier<OperatorId>("operator");
    if (imsi && at) filter.only = Name::of(*at, *imsi);
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    // Whoever may not see the numbers of a card does not find it by them.
    filter.matches = [reader = call->caller().party, inner = filter.matches](const Chain& chain) {
        return (reader == m2m_sp() || reader == chain.holder) && inner(chain);
    };
    list_chains(call, filter);
}

void get_card(const CallPtr& call) {
    const auto subject = card_subject(*call);
    if (!subject) return call->refuse(subject.reason());
    answer_read(call,
                [subject = *subject, reader = call->caller().party](Archive& archive) -> Rendered {
                    const auto chain = archive.chain(subject.name);
                    if (!chain || !sees(reader, *chain))
                        return Refusal{RefusalCode::no_such_card, {}, {}};
                    return chain_answer(archive, *chain, subject, reader);
                });
}

// The cards that a call names, each once; a fault of one is a fault of the call.
static std::vector<Iccid> iccids_of(JsonObject& object) {
    std::vector<Iccid> out;
    const auto texts = object.texts("/iccids", items_most).value_or(std::vector<std::string>());
    for (std::size_t at = 0; at < texts.size(); ++at) {
        const auto iccid = Iccid::parse(texts[at], CheckDigit::warn);
        if (iccid)
            out.push_back(*iccid);
        else
            object.refuse("/iccids/" + std::to_string(at), iccid.reason().code,
                          iccid.reason().sentence + " " + iccid.reason().hint);
    }
    return out;
}

void issue_cards(const CallPtr& call) {
    auto body = read_json(call->request());
    if (!body) return call->refuse(body.reason());
    JsonObject object = std::move(body).value();
    std::vector<Iccid> iccids = iccids_of(object);
    const auto to = object.identifier<PartyId>("/to");
    if (auto problem = object.problem()) return call->refuse(*std::move(problem));
    IssueCards command{.iccids = std::move(iccids),
                       .to = *to,
                       .parties = call->parts().parties.book(),
                       .origin = call->origin()};
    call->submit(flow_command(std::move(command), Urgency::urgent, call->key()),
                 [call](const Answer& answer) {
                     if (answer.refusal) return call->refuse(*answer.refusal);
                     ItemAnswers items;
                     items.add(answer.items);
                     call->answer(json_response(items.json()));
                 });
}

}  // namespace msp
