// The few kinds of command that most rows of the table are: show a list, show one thing, change one
// thing, change many.
#pragma once

#include "cli/invocation.hpp"
#include "cli/request.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace msp::cli {

using Run = std::function<int(Invocation&)>;

// Goes through the pages of a list; --limit N ends it early (default 100, --all: everything).
Run list_of(std::string_view path, std::vector<Column>, std::string_view id_path);
extern const std::vector<Flag> list_flags;

// A list that comes in one piece.
extern const std::vector<Flag> look_flags;
Run short_list_of(std::string_view path, std::vector<Column>, std::string_view id_path);

// GET one thing.
Run one_chain(std::string_view path);
Run one_thing(std::string_view path);

// A change whose answer is shown as facts; `said`, on `err`, is what was done.
Run call_of(std::string_view method, std::string_view path, std::vector<Member> body,
            std::string_view said = {});

// Changes a chain: --wait blocks until it is settled (exit 8 when it is not by then).
Run change_of(std::string_view method, std::string_view path, std::vector<Member> body);

// Of whatever changes something.
extern const Flag dry_run_flag;
extern const Flag wait_flag;
extern const std::vector<Flag> change_flags;  // both
// The answer of a change, or of its preview, that is read as `text`.
int show_change(Invocation&, const std::string& answer, std::string (*text)(const std::string&));

// The last step of a change of a chain that was put together by hand.
int send_change(Invocation&, std::string_view method, const std::string& target,
                const std::string& body, const HttpHeaders& more = {});

// What cannot be undone: shows the chain as it stands, asks for `name` to be typed, and sends the
// change against the revision that was shown.
int send_after_confirmation(Invocation&, const HttpResponse& seen, const std::string& question,
                            const std::string& name, const std::string& target,
                            const std::string& body);

// Many items with an outcome each: shows the counts and what was refused; exit 6 when some were.
Run items_of(std::string_view path, std::vector<Member> body);

// Delivering something to a webhook: exit 1 where it did not arrive.
Run delivery_of(std::string_view path);

std::vector<Flag> joined(std::vector<Flag>, const std::vector<Flag>&);

// Of the lists of what happened.
extern const std::vector<Column> event_columns;

void add_card_commands(Commands&);
void add_claim_commands(Commands&);
void add_device_commands(Commands&);
void add_equipment_commands(Commands&);
void add_operator_commands(Commands&);
void add_webhook_commands(Commands&);
void add_event_commands(Commands&);
void add_party_commands(Commands&);
void add_completion_commands(Commands&);

}  // namespace msp::cli
