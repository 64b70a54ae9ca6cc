// Compares, from time to time, what an operator shows with what we have on record.
//
//   waiting ──► sweeping: page, compare, ask about what differs, keep the place ──► waiting
//                  │  ▲
//                  ▼  │ a person: check again, or go through with it
//               stopped: more of a page differs than can be chance
//
// Law: nothing is changed by what a list says: a difference makes the subscription be read by the
// protocol, and only where nothing is under way there. A page that differs in more than the
// threshold asks about none: a restored operator database must not become a storm of orders.
// Our subscriptions that a list does not show are read one after the other, at the same rate, once
// it was seen from its beginning to its end; where the operator has no list, all are.
// Threads: the loop's only. Held by a shared_ptr; what comes after its end is dropped.
#pragma once

#include "operators/audit_compare.hpp"
#include "operators/audit_position.hpp"
#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "operators/operator_world.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace msp {

class Audit : public std::enable_shared_from_this<Audit> {
public:
    // `at_ease`: the operator may be talked to beside what is urgent.
    Audit(const OperatorWorld&, OperatorSettings, std::shared_ptr<OperatorLink>,
          std::function<bool()> at_ease);
    ~Audit();
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;

    // Goes on from the record, where there is one.
    void start(const std::optional<std::string>& record);
    void adjust(OperatorSettings, std::shared_ptr<OperatorLink>);

    // A sweep now, or on from where it stopped; `go_through`: whatever it finds.
    enum class Begin : unsigned char { check, go_through };
    void begin(Begin);
    bool would_begin(Begin) const;  // false: that is what it does already

    AuditHealth health() const;

private:
    struct Page {
        std::vector<ListEntry> entries;
        std::optional<std::string> next;
        Time asked{};
        std::uint64_t unread = 0;         // of those that were read one by one
        std::vector<ChainId> unlisted{};  // which no list had shown
    };
    struct Finding {
        std::optional<ChainId> chain;
        ListEntry entry;
        Compared compared = Compared::same;
    };
    struct Findings;
    using FindingsPointer = std::shared_ptr<Findings>;
    struct Reads;
    using ReadsPointer = std::shared_ptr<Reads>;

    void schedule(Duration);
    void turn();
    void begin_sweep();
    void list();
    void choose_reads();
    ChainQuery to_read() const;
    void read_next(const ReadsPointer&);
    void compare_page(Page);
    void judge(const FindingsPointer&);
    void ask_about(const FindingsPointer&);
    void page_done(const FindingsPointer&);
    void list_done();
    void end_sweep();
    void stop(const AuditHealth::Counts& page);
    void trouble(const Failure&);
    void save(std::function<void(Audit&)> then);

    Loop& loop() const { return world_.loop; }

    OperatorWorld world_;
    OperatorSettings settings_;
    std::shared_ptr<OperatorLink> link_;
    std::function<bool()> at_ease_;
    AuditPosition position_;
    std::string trouble_;
    // Of a sweep that began in this process.
    bool whole_ = false;
    std::vector<ChainId> seen_;
    std::vector<std::string> unknown_now_;
    std::vector<ChainId> unlisted_now_;
    // Of the last whole one.
    std::vector<std::string> unknown_;
    std::vector<ChainId> unlisted_;
    bool busy_ = false;  // a page is being worked on
    std::optional<Loop::TimerId> timer_;
};

}  // namespace msp
