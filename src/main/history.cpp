// `msp history verify` and its neighbours: what is asked of a data folder, not of a platform. One
// may be running on it.
#include "domain/time.hpp"
#include "main/serve.hpp"
#include "store/history_head.hpp"
#include "store/sealed_history.hpp"
#include "store/sqlite/database.hpp"
#include "world/files.hpp"
#include "world/signing.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>

namespace msp {

namespace {

constexpr unsigned owner_only = 0600;
constexpr std::size_t keys_and_heads_most = 1 << 20;

int failed(cli::Invocation& invocation, const Failure& failure) {
    invocation.err() << "msp: " << failure.what << "\n";
    return cli::exit_failed;
}

// ------------------------------------------------------------------------------------------- keys

std::string key_path(const std::string& folder) {
    return folder + "/history.key";
}

// Made on first use.
Result<std::string, Failure> signing_key(const std::string& folder) {
    if (!file_exists(database_path(folder)))
        return Failure{Failure::Kind::unreachable, "there is no database in " + folder};
    const std::string path = key_path(folder);
    if (file_exists(path)) return read_file(path, keys_and_heads_most);
    const std::string key = make_signing_key();
    if (const auto kept = write_file(path, key, owner_only); !kept) return kept.reason();
    return key;
}

// Of the file that was named, or else of the folder's own key.
Result<std::string, Failure> public_key(cli::Invocation& invocation) {
    if (invocation.has("--key")) return read_file(invocation.value("--key"), keys_and_heads_most);
    const auto key = read_file(key_path(invocation.value("--data")), keys_and_heads_most);
    if (!key) return key;
    return public_key_of(*key);
}

int show_key(cli::Invocation& invocation) {
    const auto key = signing_key(invocation.value("--data"));
    if (!key) return failed(invocation, key.reason());
    const auto shown = public_key_of(*key);
    if (!shown) return failed(invocation, shown.reason());
    invocation.out() << *shown;
    return cli::exit_done;
}

// ------------------------------------------------------------------------------------ export-head

Time now(const cli::Invocation& invocation) {
    return std::chrono::time_point_cast<Duration>(invocation.around().wall_clock());
}

void show_faults(cli::Invocation& invocation, const HistoryCheck& check) {
    for (const HistoryFault& fault : check.faults())
        invocation.out() << word(fault.kind) << " at place " << fault.place << ": "
                         << sentence(fault.kind) << "\n";
}

// A head of a history that is not as it was written would vouch for that.
int export_head(cli::Invocation& invocation) {
    const std::string folder = invocation.value("--data");
    const auto key = signing_key(folder);
    if (!key) return failed(invocation, key.reason());
    const auto check = check_history(folder);
    if (!check) return failed(invocation, check.reason());
    if (!check->faults().empty()) {
        show_faults(invocation, *check);
        return failed(invocation, {Failure::Kind::broken, "no head is taken of such a history"});
    }
    const auto head = write_head({now(invocation), check->heads()}, *key);
    if (!head) return failed(invocation, head.reason());
    if (!invocation.has("--out")) {
        invocation.out() << *head;
        return cli::exit_done;
    }
    const auto kept = write_file(invocation.value("--out"), *head);
    return kept ? cli::exit_done : failed(invocation, kept.reason());
}

// ------------------------------------------------------------------------------------------ verify

Result<HistoryHead, Failure> head_to_hold_against(cli::Invocation& invocation) {
    if (!invocation.has("--head")) return HistoryHead{};
    const auto key = public_key(invocation);
    if (!key) return key.reason();
    const auto text = read_file(invocation.value("--head"), keys_and_heads_most);
    if (!text) return text.reason();
    return read_head(*text, *key);
}

std::string counted(std::size_t number, std::string_view one) {
    return std::to_string(number) + " " + std::string(one) + (number == 1 ? "" : "s");
}

int verify(cli::Invocation& invocation) {
    const auto head = head_to_hold_against(invocation);
    if (!head) return failed(invocation, head.reason());
    const auto check = check_history(invocation.value("--data"), head->lanes);
    if (!check) return failed(invocation, check.reason());
    show_faults(invocation, *check);
    invocation.out() << counted(check->rows(), "row") << " of history checked in "
                     << counted(check->heads().size(), "lane");
    if (invocation.has("--head"))
        invocation.out() << ", also against the head of " << rfc3339(head->taken);
    invocation.out() << ", " << counted(check->faults().size(), "fault") << "\n";
    if (!invocation.has("--head"))
        invocation.err() << "without --head it is not seen whether the newest rows were taken"
                            " away, or all of it written anew\n";
    return check->faults().empty() ? cli::exit_done : cli::exit_failed;
}

const cli::Flag data_folder{"--data", "DIR", "the platform's data folder", true};

}  // namespace

// Beside the verb of the same noun that asks a platform.
void add_history_commands(cli::Commands& commands) {
    const auto same_noun = [](const cli::Command& command) { return command.noun == "history"; };
    const auto at = std::find_if(commands.rbegin(), commands.rend(), same_noun).base();
    commands.insert(
        at, {{"history",
              "verify",
              {},
              "check that no row of history was changed, taken out or put in; the platform may run",
              {data_folder,
               {"--head", "FILE", "a head that was exported earlier: nothing up to it may differ"},
               {"--key", "FILE", "the public key it was signed with, if not the folder's own"}},
              {"msp history verify --data /var/lib/msp --head head.txt --key history.pub"},
              verify},
             {"history",
              "export-head",
              {},
              "sign what stands for the whole history, to be kept elsewhere",
              {data_folder, {"--out", "FILE", "write it here; else it is shown"}},
              {"msp history export-head --data /var/lib/msp --out head.txt"},
              export_head},
             {"history",
              "show-key",
              {},
              "show the public key that heads of history are signed with",
              {data_folder},
              {"msp history show-key --data /var/lib/msp > history.pub"},
              show_key}});
}

}  // namespace msp
