#include "api/many_commands.hpp"

#include <memory>
#include <utility>

namespace msp {

namespace {

constexpr Duration rest{100};             // while too many commands wait
constexpr unsigned rests_most = 10 * 60;  // of one command, in a row

struct Run : std::enable_shared_from_this<Run> {
    Run(Store& its_store, Loop& its_loop, ManyCommands its_many)
        : store(its_store), loop(its_loop), many(std::move(its_many)) {}

    Store& store;
    Loop& loop;
    ManyCommands many;
    std::size_t under_way = 0;
    bool all_made = false;
    std::optional<Failure> failure;

    void go_on() {
        while (under_way < many.at_once && !all_made && !failure) {
            auto command = many.next();
            all_made = !command;
            if (!command) break;
            ++under_way;
            submit(std::make_shared<const Command>(*std::move(command)), 0);
        }
        if (under_way > 0 || !many.then) return;
        const auto then = std::exchange(many.then, nullptr);
        if (failure)
            then(*failure);
        else
            then(Done{});
    }

    void submit(const std::shared_ptr<const Command>& command, unsigned rests) {
        store.submit(*command, [self = shared_from_this(), command,
                                rests](const Result<Answer, Failure>& answer) {
            self->answered(command, rests, answer);
        });
    }

    void answered(const std::shared_ptr<const Command>& command, unsigned rests,
                  const Result<Answer, Failure>& answer) {
        if (!answer && answer.reason().kind == Failure::Kind::overloaded && rests < rests_most) {
            loop.after(rest, [self = shared_from_this(), command, rests] {
                self->submit(command, rests + 1);
            });
            return;
        }
        --under_way;
        if (answer)
            many.each(*answer);
        else
            failure = answer.reason();
        go_on();
    }
};

}  // namespace

void submit_many(Store& store, Loop& loop, ManyCommands many) {
    std::make_shared<Run>(store, loop, std::move(many))->go_on();
}

}  // namespace msp
