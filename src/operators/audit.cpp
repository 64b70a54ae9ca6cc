#include "operators/audit.hpp"

#include "domain/party.hpp"
#include "provisioning/hear_operator.hpp"
#include "store/flow_command.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace msp {

namespace {

constexpr Duration after_trouble{10'000};
constexpr std::size_t shown_most = 20;
constexpr std::size_t reference_shown = 6;

ChainId chain_number(const std::string& text) {
    return ChainId{std::strtoull(text.c_str(), nullptr, 10)};
}

bool at_operator(const Chain& chain, const OperatorId& id) {
    return chain.subscription.at == id && !reclaimed(chain) && !chain.lost;
}

Errand read_errand(const Chain& chain) {
    return {.kind = Errand::Kind::read,
            .chain = chain.id,
            .subscription = chain.subscription,
            .iccid = chain.card.iccid,
            .reference = {}};
}

std::string masked_name(const ListEntry& entry) {
    const bool by_imsi = entry.reference.empty() && entry.imsi;
    return masked(by_imsi ? entry.imsi->text() : entry.reference.view(), reference_shown);
}

template <class Value>
void show_a_few(std::vector<Value>& few, Value value) {
    if (few.size() < shown_most) few.push_back(std::move(value));
}

}  // namespace

struct Audit::Findings {
    std::vector<Finding> all;
    std::optional<std::string> next;
    std::uint64_t unread = 0;
    std::vector<ChainId> unlisted;
    std::size_t unanswered = 0;
    bool failed = false;
};

// Our subscriptions, to be read one after the other.
struct Audit::Reads {
    std::vector<Errand> errands;
    std::size_t next = 0;
    Page page;
};

Audit::Audit(const OperatorWorld& world, OperatorSettings settings,
             std::shared_ptr<OperatorLink> link, std::function<bool()> at_ease)
    : world_(world),
      settings_(std::move(settings)),
      link_(std::move(link)),
      at_ease_(std::move(at_ease)) {}

Audit::~Audit() {
    if (timer_) loop().cancel(*timer_);
}

// Runs only while this lives.
template <class Turn>
static auto while_alive(std::weak_ptr<Audit> weak, Turn turn) {
    return [weak = std::move(weak), turn = std::move(turn)](auto&&... arguments) {
        if (const auto self = weak.lock())
            turn(*self, std::forward<decltype(arguments)>(arguments)...);
    };
}

void Audit::start(const std::optional<std::string>& record) {
    if (record) position_ = decode_audit_position(*record);
    schedule(settings_.audit.page_every);
}

void Audit::adjust(OperatorSettings settings, std::shared_ptr<OperatorLink> link) {
    settings_ = std::move(settings);
    link_ = std::move(link);
    schedule(settings_.audit.page_every);
}

void Audit::begin(Begin how) {
    position_.stopped.reset();
    position_.why.clear();
    if (!position_.sweeping) begin_sweep();
    position_.go_through = how == Begin::go_through;
    schedule(Duration::zero());
}

bool Audit::would_begin(Begin how) const {
    const bool goes_through = how == Begin::go_through;
    return position_.stopped || !position_.sweeping || position_.go_through != goes_through;
}

AuditHealth Audit::health() const {
    AuditHealth out{.since = position_.began,
                    .now = position_.now,
                    .last_swept = position_.ended,
                    .last = position_.last,
                    .unlisted = unlisted_,
                    .unknown = unknown_,
                    .trouble = position_.stopped ? position_.why : trouble_};
    using enum AuditHealth::State;
    out.state = position_.sweeping ? sweeping : settings_.audit.on ? waiting : off;
    if (!position_.stopped) return out;
    out.state = stopped;
    out.since = position_.stopped;
    return out;
}

void Audit::schedule(Duration delay) {
    if (timer_) loop().cancel(*timer_);
    timer_ = loop().after(delay, while_alive(weak_from_this(), [](Audit& self) {
                              self.timer_.reset();
                              self.turn();
                          }));
}

void Audit::turn() {
    const AuditRule& rule = settings_.audit;
    const bool asked_for = position_.sweeping;
    if ((!rule.on && !asked_for) || position_.stopped || busy_) return;
    if (!at_ease_()) return schedule(rule.page_every);
    if (!position_.sweeping) {
        const Time due = position_.began.value_or(Time{}) + rule.sweep_every;
        if (loop().now() < due) return schedule(due - loop().now());
        begin_sweep();
    }
    busy_ = true;
    const bool lists = link_->can().lists_in_bulk;
    if (lists && !position_.reading) return list();
    lists && !whole_ ? end_sweep() : choose_reads();
}

void Audit::begin_sweep() {
    position_.sweeping = true;
    position_.reading = false;
    position_.after.clear();
    position_.began = loop().now();
    position_.now = {};
    whole_ = true;
    seen_.clear();
    unknown_now_.clear();
    unlisted_now_.clear();
}

void Audit::list() {
    const Time asked = loop().now();
    link_->list(position_.after, settings_.audit.page_size,
                while_alive(weak_from_this(), [asked](Audit& self, Result<ListPage, Failure> page) {
                    if (!page) return self.trouble(page.reason());
                    if (page->next == self.position_.after)
                        return self.trouble({Failure::Kind::malformed, "the list does not get on"});
                    ListPage taken = std::move(page).value();
                    self.compare_page({std::move(taken.entries), std::move(taken.next), asked});
                }));
}

// All of ours at the operator; behind a list, those that it did not show.
ChainQuery Audit::to_read() const {
    return {.after = chain_number(position_.after),
            .limit = settings_.audit.page_size,
            .matches = [id = settings_.id, began = *position_.began, seen = seen_,
                        listed = position_.reading](const Chain& chain) {
                if (!at_operator(chain, id)) return false;
                if (!listed) return true;
                return chain.observed.at < began &&
                       !std::binary_search(seen.begin(), seen.end(), chain.id);
            }};
}

void Audit::choose_reads() {
    const auto reads = std::make_shared<Reads>();
    world_.reader.read(
        [reads, query = to_read(), listed = position_.reading](Archive& archive) {
            const ChainPage page = archive.chains(query);
            for (const Chain& chain : page.chains) {
                if (listed) reads->page.unlisted.push_back(chain.id);
                if (!under_way(chain)) reads->errands.push_back(read_errand(chain));
            }
            if (page.next)
                reads->page.next = std::to_string(static_cast<std::uint64_t>(*page.next));
        },
        while_alive(weak_from_this(), [reads](Audit& self, const Result<Done, Failure>& read) {
            if (!read) return self.trouble(read.reason());
            reads->page.asked = self.loop().now();
            self.read_next(reads);
        }));
}

void Audit::read_next(const ReadsPointer& reads) {
    if (reads->next == reads->errands.size()) return compare_page(std::move(reads->page));
    const Errand& errand = reads->errands[reads->next++];
    const auto took = [reads, reference = errand.subscription.reference](
                          Audit& self, const Result<Reading, Failure>& reading) {
        if (reading)
            reads->page.entries.push_back({.reference = reference, .reading = *reading});
        else
            ++reads->page.unread;
        const Duration pause = self.settings_.audit.page_every / self.settings_.audit.page_size;
        self.loop().after(pause, while_alive(self.weak_from_this(),
                                             [reads](Audit& still) { still.read_next(reads); }));
    };
    link_->ask(errand, while_alive(weak_from_this(), took));
}

void Audit::compare_page(Page page) {
    const auto findings = std::make_shared<Findings>();
    findings->next = std::move(page.next);
    findings->unread = page.unread;
    findings->unlisted = std::move(page.unlisted);
    world_.reader.read(
        [findings, page = std::move(page), id = settings_.id,
         field = link_->can().status_field](Archive& archive) {
            for (const ListEntry& entry : page.entries) {
                Finding finding{{}, entry, Compared::unknown};
                if (const auto chain = find_subscription(archive, id, entry)) {
                    finding.chain = chain->id;
                    finding.compared = compare(*chain, entry.reading, field, page.asked);
                }
                findings->all.push_back(std::move(finding));
            }
        },
        while_alive(weak_from_this(), [findings](Audit& self, const Result<Done, Failure>& read) {
            if (!read) return self.trouble(read.reason());
            self.judge(findings);
        }));
}

void Audit::judge(const FindingsPointer& findings) {
    AuditHealth::Counts counts{.unlisted = findings->unlisted.size(), .unread = findings->unread};
    for (const Finding& finding : findings->all) switch (finding.compared) {
            case Compared::same: ++counts.compared; break;
            case Compared::differs: ++counts.compared, ++counts.differed; break;
            case Compared::pending: ++counts.pending; break;
            case Compared::unread: ++counts.unread; break;
            case Compared::unknown: ++counts.unknown; break;
        }
    const AuditRule& rule = settings_.audit;
    const bool many = counts.differed > rule.drift_least &&
                      static_cast<double>(counts.differed) >
                          rule.drift_share * static_cast<double>(counts.compared);
    if (many && !position_.go_through) return stop(counts);
    position_.now += counts;
    for (const Finding& finding : findings->all) {
        if (finding.chain && !position_.reading) seen_.push_back(*finding.chain);
        if (finding.compared == Compared::unknown)
            show_a_few(unknown_now_, masked_name(finding.entry));
    }
    for (const ChainId chain : findings->unlisted) show_a_few(unlisted_now_, chain);
    ask_about(findings);
}

// A person decides: the page is not taken in, nothing is asked.
void Audit::stop(const AuditHealth::Counts& page) {
    position_.stopped = loop().now();
    position_.why = std::to_string(page.differed) + " of " + std::to_string(page.compared) +
                    " subscriptions in one page are not as they were confirmed";
    world_.log.warning("an audit stopped", {{"operator", settings_.id.text()},
                                            {"differed", page.differed},
                                            {"compared", page.compared}});
    save([](Audit& self) { self.busy_ = false; });
}

void Audit::ask_about(const FindingsPointer& findings) {
    const Origin origin{
        .actor = {.party = m2m_sp(), .principal = Principal("audit"), .on_behalf_of = {}},
        .cause = Cause::audit,
        .operation = *OperationId::of("audit-" + world_.random.token(20)),
        .at = loop().now()};
    ++findings->unanswered;
    const auto answered = [findings](Audit& self, const Result<Answer, Failure>& answer) {
        findings->failed |= !answer;
        if (--findings->unanswered == 0) self.page_done(findings);
    };
    for (const Finding& finding : findings->all) {
        if (finding.compared != Compared::differs) continue;
        ++findings->unanswered;
        world_.store.submit(
            flow_command(AskOperator{Name::of(*finding.chain), false, origin}, Urgency::bulk),
            while_alive(weak_from_this(), answered));
    }
    answered(*this, Answer{});
}

// What was not asked about is compared again.
void Audit::page_done(const FindingsPointer& findings) {
    if (findings->failed) return trouble({Failure::Kind::overloaded, "the store is busy"});
    position_.after = findings->next.value_or("");
    trouble_.clear();
    save([more = findings->next.has_value()](Audit& self) {
        if (!more) return self.list_done();
        self.busy_ = false;
        self.schedule(self.settings_.audit.page_every);
    });
}

// What a list did not show is known only of one that was seen from its beginning.
void Audit::list_done() {
    if (position_.reading || !whole_ || !link_->can().lists_in_bulk) return end_sweep();
    std::sort(seen_.begin(), seen_.end());
    position_.reading = true;
    busy_ = false;
    schedule(settings_.audit.page_every);
}

void Audit::end_sweep() {
    if (!whole_) position_.now.unlisted = position_.last.unlisted;
    if (whole_) unlisted_ = std::move(unlisted_now_);
    unknown_ = std::move(unknown_now_);
    position_.sweeping = position_.go_through = position_.reading = false;
    position_.after.clear();
    position_.ended = loop().now();
    position_.last = position_.now;
    save([](Audit& self) {
        self.busy_ = false;
        self.schedule(self.settings_.audit.page_every);
    });
}

void Audit::trouble(const Failure& failure) {
    trouble_ = failure.what;
    busy_ = false;
    schedule(std::max(settings_.audit.page_every, after_trouble));
}

// The place is kept after what it stands for. What is not kept is compared again after a restart.
void Audit::save(std::function<void(Audit&)> then) {
    Command keep;
    keep.urgency = Urgency::bulk;
    keep.hints = {audit_name(settings_.id)};
    keep.decide = [name = audit_name(settings_.id), body = encode(position_)](const View&) {
        Decision decision;
        decision.records.push_back({name, body});
        return decision;
    };
    world_.store.submit(
        std::move(keep),
        while_alive(
            weak_from_this(),
            [then = std::move(then)](Audit& self, const Result<Answer, Failure>&) { then(self); }));
}

}  // namespace msp
