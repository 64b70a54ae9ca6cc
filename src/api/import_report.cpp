#include "api/import_report.hpp"

#include "access/json.hpp"
#include "api/target.hpp"

namespace msp {

void ImportReport::show(const CsvFault& fault) {
    if (first_errors_.size() < errors_shown) first_errors_.push_back(fault);
}

void ImportReport::rejected(const CardCsv& csv, const CardLine& row, const CsvFault& fault) {
    count(counts_.rejected);
    show(fault);
    if (kept_ == rows_kept_) return;
    ++kept_;
    rows_ += csv.rejected_row(row, fault);
}

void ImportReport::rejected(const CsvFault& fault) {
    show(fault);
}

std::optional<std::string> ImportReport::rejected_rows(const CardCsv& csv) const {
    if (rows_.empty()) return std::nullopt;
    return csv.rejected_header() + rows_;
}

std::string ImportReport::json(const BatchId& batch, const OperatorId& at,
                               std::string_view state) const {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("batch", batch)
        .member("operator", at)
        .member("state", state)
        .member("rows", counts_.rows)
        .member("registered", state == "rejected" ? 0 : counts_.registered)
        .member("unchanged", counts_.unchanged)
        .member("rejected", counts_.rejected)
        .name("first_errors")
        .open_array();
    for (const CsvFault& fault : first_errors_)
        json.open_object()
            .member("line", fault.line)
            .member("column", fault.column)
            .member("code", fault.code)
            .member("reason", fault.reason)
            .member("suggestion", fault.suggestion)
            .close_object();
    json.close_array().name("warnings").open_array();
    for (const CsvWarning& warning : warnings_)
        json.open_object()
            .member("code", warning.code)
            .member("detail", warning.detail)
            .close_object();
    json.close_array().name("rejected_rows");
    if (rows_.empty() || state == "checked")
        json.null();
    else
        json.value("/v1/card-batches/" + encoded_segment(batch.text()) + "/rejected-rows");
    json.close_object();
    return out;
}

}  // namespace msp
