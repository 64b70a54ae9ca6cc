#include "cast/simulate_operator.hpp"

#include "cast/journal_file.hpp"
#include "world/files.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

namespace msp {

namespace {

Failure unusable(std::string what) {
    return {Failure::Kind::malformed, std::move(what)};
}

std::vector<std::string_view> cells(std::string_view line) {
    while (line.ends_with('\r') || line.ends_with('\n')) line.remove_suffix(1);
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t end = std::min(line.find(','), line.size());
        std::string_view cell = line.substr(0, end);
        while (cell.starts_with(' ') || cell.starts_with('"')) cell.remove_prefix(1);
        while (cell.ends_with(' ') || cell.ends_with('"')) cell.remove_suffix(1);
        out.push_back(cell);
        if (end == line.size()) return out;
        line.remove_prefix(end + 1);
    }
}

std::string cell(const std::vector<std::string_view>& row, std::size_t column) {
    return column < row.size() ? std::string(row[column]) : std::string();
}

Result<OperatorKnobs, Failure> knobs_of(const SimulateOperatorOptions& options) {
    auto knobs = operator_profile(options.profile);
    if (!knobs) return unusable("There is no profile " + options.profile + ".");
    for (const auto& [name, value] : options.knobs)
        if (const auto set = set_knob(*knobs, name, value); !set) return set.reason();
    return *knobs;
}

// As it stands after what the journal holds.
Result<OperatorBook, Failure> book_of(const SimulateOperatorOptions& options) {
    OperatorBook out;
    if (!options.subscriptions.empty()) {
        const auto file = read_file(options.subscriptions);
        if (!file) return file.reason();
        const auto cards = read_simulated_cards(*file);
        if (!cards) return cards.reason();
        for (const SimulatedCard& card : *cards) out.add(card.reference, card.imsi);
    }
    if (options.journal.empty()) return out;
    if (const auto kept = keep_journal(out, options.journal); !kept) return kept.reason();
    return out;
}

}  // namespace

Result<std::vector<SimulatedCard>, Failure> read_simulated_cards(std::string_view csv) {
    std::vector<SimulatedCard> out;
    std::size_t iccid = std::string_view::npos;
    std::size_t imsi = std::string_view::npos;
    std::size_t reference = std::string_view::npos;
    bool head = true;
    while (!csv.empty()) {
        const std::size_t end = std::min(csv.find('\n'), csv.size());
        const auto row = cells(csv.substr(0, end));
        csv.remove_prefix(std::min(end + 1, csv.size()));
        if (row.size() == 1 && row[0].empty()) continue;
        if (!head) {
            const std::string known_as = cell(row, reference);
            out.push_back({known_as.empty() ? cell(row, iccid) : known_as, cell(row, imsi)});
            if (out.back().reference.empty() || out.back().imsi.empty())
                return unusable("Row " + std::to_string(out.size()) + " lacks ICCID or IMSI.");
            continue;
        }
        head = false;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i] == "iccid") iccid = i;
            if (row[i] == "imsi") imsi = i;
            if (row[i] == "reference") reference = i;
        }
        if (iccid == std::string_view::npos || imsi == std::string_view::npos)
            return unusable("The first line names no columns iccid and imsi.");
    }
    return out;
}

Result<std::unique_ptr<ListeningOperator>, Failure> ListeningOperator::listen(
    Loop& loop, const SimulateOperatorOptions& options) {
    const auto knobs = knobs_of(options);
    if (!knobs) return knobs.reason();
    if (!make_tongue(options.front))
        return unusable("There is no interface " + options.front.speaks + " to speak.");
    std::unique_ptr<ListeningOperator> out(new ListeningOperator());
    out->http_ = make_http_client(loop);
    auto book = book_of(options);
    if (!book) return book.reason();
    // Another life, other chances, and other names of what it reports.
    const std::uint64_t seed = options.seed + book->journal().size();
    out->simulator_ =
        std::make_unique<OperatorSimulator>(loop, *out->http_, seed, *knobs, options.front);
    out->simulator_->played().book() = std::move(book).value();
    HttpListen where;
    where.address = options.address;
    where.port = options.port;
    auto server = listen_http(
        loop, where,
        [simulator = out->simulator_.get()](const HttpRequest& request,
                                            const std::shared_ptr<HttpExchange>& exchange) {
            simulator->handle(request, [exchange](const std::optional<HttpResponse>& response) {
                if (response) exchange->respond(*response);
            });
        });
    if (!server) return server.reason();
    out->server_ = std::move(server).value();
    return out;
}

int simulate_operator(const SimulateOperatorOptions& options,
                      const std::function<void(const std::string& sentence)>& tell) {
    // A limit on the size of files is a write that fails and says so, and not the end at once.
    std::signal(SIGXFSZ, SIG_IGN);
    AsioLoop loop;
    auto listening = ListeningOperator::listen(loop, options);
    if (!listening) {
        tell("msp: " + listening.reason().what +
             "\n  next: see what each flag takes: msp simulate operator --help");
        return 1;
    }
    OperatorSimulator& simulator = (*listening)->simulator();
    tell("The simulated operator listens on http://" + options.address + ":" +
         std::to_string((*listening)->port()) + " with " +
         std::to_string(simulator.played().book().subscriptions().size()) + " subscriptions.");
    loop.on_signal([&loop](int) { loop.stop(); });
    loop.run();
    return 0;
}

}  // namespace msp
