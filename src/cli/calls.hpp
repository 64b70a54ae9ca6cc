// The few kinds of command that most rows of the table are: show a list, show one thing, change one thing.
#pragma once

#include "cli/invocation.hpp"

namespace msp::cli {

using Run = std::function<int(Invocation&)>;

// Pages through a list; --limit N ends it early (default 100, --all: everything).
Run list_of(std::string_view path, std::vector<Column> columns, std::string_view id_path);
extern const std::vector<Flag> list_flags;

// GET one thing.
Run one_chain(std::string_view path);
Run one_thing(std::string_view path);

// A call whose answer is shown as facts, or, where the answer has none, as a sentence on `err`.
Run call_of(std::string_view method, std::string_view path, std::vector<Member> body,
            std::string_view said = {});

// Changes a chain: --dry-run asks for the preview instead, --wait blocks until it is settled (exit 8 when it is not by then).
Run change_of(std::string_view method, std::string_view path, std::vector<Member> body);
extern const std::vector<Flag> change_flags;

// Many items with an outcome each: shows the counts and what was refused; exit 6 when some were.
Run items_of(std::string_view path, std::vector<Member> body, std::string_view list_argument,
             std::string_view list_member);

std::vector<Flag> joined(std::vector<Flag>, const std::vector<Flag>&);

void add_card_commands(Commands&);
void add_device_commands(Commands&);
void add_equipment_commands(Commands&);
void add_operator_commands(Commands&);
void add_webhook_commands(Commands&);
void add_event_commands(Commands&);
void add_party_commands(Commands&);
void add_completion_commands(Commands&);

}  // namespace msp::cli
