// What an import found, row by row, as the answer tells it and as it is kept.
//
// A value; one thread at a time.
#pragma once

#include "api/batch_record.hpp"
#include "api/card_csv.hpp"
#include "domain/identity.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

class ImportReport {
public:
    static constexpr std::size_t errors_shown = 20;

    explicit ImportReport(std::size_t rows_kept) : rows_kept_(rows_kept) {}

    void registered() { count(counts_.registered); }
    void unchanged() { count(counts_.unchanged); }
    void rejected(const CardCsv&, const CardLine&, const CsvFault&);
    // The file as a whole cannot be read.
    void rejected(const CsvFault&);
    void warned(std::vector<CsvWarning> warnings) { warnings_ = std::move(warnings); }

    const BatchCounts& counts() const { return counts_; }
    bool flawless() const { return first_errors_.empty(); }
    // The rejected rows as a file that can be mended; nothing: there are none.
    std::optional<std::string> rejected_rows(const CardCsv&) const;

    // "state": registered, rejected, checked.
    std::string json(const BatchId&, const OperatorId&, std::string_view state) const;

private:
    void count(std::uint64_t& what) {
        ++counts_.rows;
        ++what;
    }
    void show(const CsvFault&);

    std::size_t rows_kept_;
    BatchCounts counts_;
    std::vector<CsvFault> first_errors_;
    std::vector<CsvWarning> warnings_;
    std::string rows_;
    std::size_t kept_ = 0;
};

}  // namespace msp
